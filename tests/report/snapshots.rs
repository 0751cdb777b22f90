//! Snapshots of every format over every input, in the top-level folder `snapshots`.

use unroot::cli::exit::Status;
use unroot::report::{Format, Mode, Verbosity};
use unroot::terminal::Stream;

use crate::inputs::{self, Run, options};
use crate::script_inputs;

/// Compares text with the snapshot of that name.
pub(crate) fn assert_snapshot(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, text);
    });
}

/// The exit code and both streams, with carriage returns made visible.
fn transcript(run: &Run, format: Format, options: &unroot::report::Options) -> String {
    let (out, err) = run.print(format, options);
    let code = Status::of(options.mode, &run.report().summary).code();
    format!("exit code {code}\n-- stdout --\n{out}-- stderr --\n{err}").replace('\r', "␍")
}

/// A name and how to make the results of that name.
type Input = (&'static str, fn() -> Run);

const INPUTS: [Input; 8] = [
    ("findings", inputs::findings),
    ("clean", inputs::clean),
    ("none", inputs::none),
    ("nothing", inputs::nothing),
    ("errors", inputs::errors),
    ("suppressed", inputs::suppressed),
    ("awkward", inputs::awkward),
    ("scripts", script_inputs::scripts),
];

#[test]
fn every_format_over_every_input() {
    for format in Format::ALL {
        for (name, run) in INPUTS {
            let text = transcript(&run(), format, &options(Mode::Preview));
            assert_snapshot(&format!("{}-{name}", format.name()), &text);
        }
    }
}

/// Notebooks are named once, and what repeats is said once.
#[test]
fn one_script_of_thirty_notebooks() {
    let run = script_inputs::thirty();
    for (format, most) in [(Format::Text, 24), (Format::Markdown, 60)] {
        let (out, _) = run.print(format, &options(Mode::Preview));
        assert_eq!(out.matches("30 notebooks").count(), 1, "{out}");
        let start = out.find("on-start.sh").expect("the script is named");
        assert!(out[start..].lines().count() <= most, "{out}");
        assert_snapshot(&format!("{}-thirty", format.name()), &out);
    }
}

#[test]
fn text_in_every_mode() {
    let check = options(Mode::Check);
    assert_snapshot("text-check", &transcript(&inputs::findings(), Format::Text, &check));
    assert_snapshot("text-check-suppressed", &transcript(&inputs::suppressed(), Format::Text, &check));
    assert_snapshot("text-check-scripts", &transcript(&script_inputs::scripts(), Format::Text, &check));
    let check = unroot::report::Options { diff: true, ..check };
    assert_snapshot("text-check-diff", &transcript(&inputs::findings(), Format::Text, &check));
    assert_snapshot("text-write", &transcript(&inputs::fixed(), Format::Text, &options(Mode::Write)));
    assert_snapshot("text-filter", &transcript(&inputs::findings(), Format::Text, &options(Mode::Filter)));
}

#[test]
fn quiet_and_verbose() {
    let quiet = unroot::report::Options { verbosity: Verbosity::Quiet, ..options(Mode::Check) };
    let (out, err) = inputs::errors().print(Format::Text, &quiet);
    assert_eq!(out, "");
    assert_eq!(err.lines().count(), 2, "{err}");
    let (_, err) = inputs::findings().print(Format::Diff, &quiet);
    assert_eq!(err, "", "notes are not told");

    let verbose = unroot::report::Options { verbosity: Verbosity::Verbose, ..options(Mode::Check) };
    let (out, _) = inputs::clean().print(Format::Text, &verbose);
    assert!(out.contains("infra/others.tf:11:1: compliant: aws_sagemaker_notebook_instance.fine"), "{out}");
}

#[test]
fn text_in_colour() {
    let run = inputs::findings();
    let mut out = Vec::new();
    let mut stdout = Stream::new(&mut out, true, true);
    let mut stderr = Stream::plain(std::io::sink());
    unroot::report::print(&run.report(), Format::Text, &options(Mode::Preview), &mut stdout, &mut stderr)
        .expect("memory can be written");
    drop(stdout);
    let text = String::from_utf8(out).expect("UTF-8");
    assert_eq!(anstream::adapter::strip_str(&text).to_string(), run.print(Format::Text, &options(Mode::Preview)).0);
    assert_snapshot("text-colour", &text.replace('\u{1b}', "␛"));
}

#[test]
fn nothing_active_reaches_a_person() {
    let run = inputs::awkward();
    let texts = [&run, &script_inputs::scripts()].map(|run| run.print(Format::Text, &options(Mode::Preview)));
    for text in texts.into_iter().flat_map(|(out, err)| [out, err]) {
        let active = |c: &char| unroot::terminal::is_active(*c) && !matches!(c, '\n' | '\t');
        assert_eq!(text.chars().find(active), None, "{text}");
    }
    let mut out = Vec::new();
    let mut stdout = Stream::new(&mut out, false, true);
    unroot::report::print(
        &run.report(),
        Format::Diff,
        &options(Mode::Preview),
        &mut stdout,
        &mut Stream::plain(std::io::sink()),
    )
    .expect("memory can be written");
    drop(stdout);
    assert!(!out.contains(&0x1b), "a diff on a terminal is for a person too");
}

#[test]
fn a_step_of_github_shows_the_worst_and_counts_the_rest() {
    let mut run = inputs::findings();
    let (error, review) = (run.findings[0].clone(), run.findings[2].clone());
    run.findings = [vec![review; 15], vec![error; 12]].concat();
    let (out, _) = run.print(Format::Github, &options(Mode::Check));
    let commands: Vec<&str> = out.lines().filter(|line| line.starts_with("::")).collect();
    let of = |level: &str| commands.iter().filter(|line| line.starts_with(level)).count();
    assert_eq!((of("::error"), of("::warning"), of("::notice")), (10, 10, 1), "{out}");
    assert!(commands[..9].iter().all(|line| line.starts_with("::error file=")), "{out}");
    let rest = "::error title=not shown here::8 more, since a step shows 10 of a kind; ";
    assert!(commands.iter().any(|line| line.starts_with(rest)), "{out}");
}

#[test]
fn markdown_fits_a_pull_request_whatever_there_is_to_say() {
    let many = (0..1000).fold(inputs::findings(), |mut run, _| {
        let finding = run.findings[0].clone();
        run.findings.push(finding);
        run
    });
    let mut callers = inputs::findings();
    let notebook = inputs::notebook(&mut callers.findings[2]);
    let created = notebook.instances.listed[0].clone();
    let folder = |number: usize| format!("teams/team-{number}/environments/production").into();
    notebook.instances.listed = (0..3000)
        .map(|number| {
            let program = unroot::finding::Program { folder: folder(number), ..(*created.program).clone() };
            unroot::finding::Instance { program: program.into(), ..created.clone() }
        })
        .collect();
    callers.findings[2].message = "x.tf and ".repeat(20_000);
    callers.owners = unroot::owners::Owners::default();
    for (run, name) in [(many, "1,000 findings"), (callers, "3,000 callers")] {
        let (out, _) = run.print(Format::Markdown, &options(Mode::Preview));
        assert!(out.chars().count() < 65_536, "{name}: {}", out.chars().count());
        assert!(out.contains("## Who is hit") && out.contains("## What the next apply does"), "{name}");
    }
    let (out, _) = inputs::findings().print(Format::Markdown, &options(Mode::Preview));
    assert!(out.contains("| @org/data @ops | 2 | 1 | 0 | 1 |".replace('@', "@\u{2060}").as_str()), "{out}");
}
