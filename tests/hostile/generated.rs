//! Repositories made at random of everything that has done harm, each run over under strace: what is opened, what is
//! written, what is said, and that it ends.
//!
//! `UNROOT_SEED` repeats a run, `UNROOT_RUNS` sets their number. A long run in a release build tells the time and memory
//! that the worst have taken:
//!
//! ```sh
//! UNROOT_RUNS=5000 cargo test --release --test hostile generated -- --nocapture
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use fastrand::Rng;
use wait4::Wait4 as _;

use crate::support::program::{Ended, command};
use crate::support::{folder, required};
use crate::{MISSING, pipe};

/// Stands in a file outside the repository, and in the environment.
const SECRET: &str = "TOKEN=7f3a9c5e";

/// What must not be said of it.
const SAID: &str = "7f3a9c5e";

const NOISE: &[char] = &['{', '}', '[', ']', '(', ')', '"', '$', '\\', '\n', '#', 'a', 'E', '=', '<', '.', ' '];

const RUNS: u64 = 40;

/// Names at which a run looks for something.
const NAMES: [&str; 42] = [
    "main.tf",
    "x.tf",
    "x.tofu",
    "x.tf.json",
    "override.tf",
    "a_override.tf.json",
    "terraform.tfvars",
    "x.auto.tfvars",
    "x.auto.tfvars.json",
    "env/prod.tfvars",
    "terragrunt.hcl",
    "live/terragrunt.hcl",
    "root.hcl",
    "terragrunt.stack.hcl",
    "terragrunt.hcl.json",
    "x.tfcomponent.hcl",
    "x.tfdeploy.hcl",
    "Makefile",
    ".github/workflows/apply.yml",
    "terraform.tfstate",
    "plan.json",
    "data.json",
    "data.yaml",
    "x.tftpl",
    "prod.tfvars",
    "unroot.toml",
    "m/unroot.toml",
    ".gitignore",
    "m/.gitignore",
    ".git/info/exclude",
    "m/.git",
    ".terraform/modules/modules.json",
    ".terraform/modules/x/main.tf",
    ".terraform/evil/main.tf",
    "m/main.tf",
    "m/variables.tf",
    ".hidden/main.tf",
    "script.sh",
    "m/::set-output name=x::y.tf",
    "m/\u{202e}fi.tf",
    "-w.tf",
    "out.json",
];

/// Where links lead.
const TARGETS: [&str; 16] = [
    "/dev/zero",
    "/dev/full",
    "/dev/stdin",
    "/proc/self/environ",
    "/proc",
    "/",
    "/etc/passwd",
    "..",
    ".",
    "../outside",
    "../outside/secret",
    "../outside/main.tf",
    "../outside/pipe",
    "nowhere",
    "main.tf",
    ".terraform/evil",
];

const SOURCES: [&str; 8] =
    ["./m", "../outside", "/etc", "./.terraform/evil", "./.hidden", ".", "./m/../..", "../outside/.."];
const PATHS: [&str; 9] = [
    "../outside/secret",
    "/etc/passwd",
    "/proc/self/environ",
    "script.sh",
    "${path.module}/script.sh",
    "/dev/zero",
    "main.tf",
    "../outside/pipe",
    "~/secret",
];

/// Expressions that read a file.
const READING: [&str; 11] = [
    "file(\"PATH\")",
    "trimspace(file(\"${path.root}/PATH\"))",
    "jsondecode(file(\"PATH\")).r",
    "yamldecode(file(\"PATH\")).r",
    "csvdecode(file(\"PATH\"))[0].r",
    "templatefile(\"PATH\", { r = \"Enabled\" })",
    "filebase64(\"PATH\")",
    "filesha256(\"PATH\")",
    "fileexists(\"PATH\") ? \"Enabled\" : \"Disabled\"",
    "one(fileset(\"PATH\", \"**\"))",
    "try(file(\"PATH\"), \"Disabled\")",
];

/// The kinds of [`text`] that say something at a name, most of the time; else any.
fn kind(name: &str, random: &mut Rng) -> u8 {
    let fitting: &[u8] = match name.rsplit(['/', '.']).next().unwrap_or_default() {
        "toml" => &[9, 9, 9, 8],
        "tfvars" => &[4],
        "hcl" if name.contains(".tf") => &[19],
        "hcl" => &[7, 7, 20],
        "Makefile" | "yml" => &[18],
        "tftpl" | "yaml" => &[21],
        "tf" | "tofu" => &[0, 1, 1, 2, 3, 5, 6],
        "gitignore" | "exclude" => &[11],
        "git" => &[14],
        "sh" => &[15],
        "json" if name.ends_with("modules.json") => &[10],
        "json" => &[17],
        _ => &[16],
    };
    if random.u8(0..5) == 0 { random.u8(0..22) } else { *random.choice(fitting).unwrap_or(&0) }
}

fn text(kind: u8, random: &mut Rng) -> String {
    let source = random.choice(SOURCES).expect("there are some");
    let path = random.choice(PATHS).expect("there are some");
    let value = match random.u8(0..12) {
        0..8 => (*random.choice(&["\"Enabled\"", "\"Disabled\"", "null", "var.r", "local.a9"]).unwrap_or(&"null"))
            .to_owned(),
        _ => random.choice(READING).expect("there are some").replace("PATH", path),
    };
    let locals: String = (1..10).fold("  a0 = \"x\"\n".to_owned(), |all, at| {
        let before = at - 1;
        all + &format!("  a{at} = \"${{local.a{before}}}${{local.a{before}}}\"\n")
    });
    match kind {
        0 => MISSING.to_owned(),
        1 => format!("resource \"aws_sagemaker_notebook_instance\" \"n\" {{\n  root_access = {value}\n}}\n"),
        2 => format!("variable \"r\" {{\n  default = {value}\n}}\n"),
        3 => format!("module \"x\" {{\n  source = \"{source}\"\n  r      = {value}\n}}\n"),
        4 => format!("r = {value}\n"),
        5 => format!("locals {{\n{locals}}}\n"),
        6 => format!(
            "resource \"aws_sagemaker_notebook_instance_lifecycle_configuration\" \"a\" {{\n  name = \"aws_sagemaker_notebook_instance\"\n  \
             on_start = base64encode(replace(file(\"{path}\"), \"TOKEN=\", \"\\nsudo -u ec2-user sudo \"))\n}}\n"
        ),
        7 => format!(
            "include \"x\" {{\n  path = \"{path}\"\n}}\nterraform {{\n  source = \"{source}\"\n}}\ninputs = {{\n  r = {value}\n}}\n"
        ),
        8 => format!("report = [\"json={path}\"]\n"),
        9 => "exclude = [\"m/\"]\nhidden = true\nformat = \"json\"\nthreads = 9999\n".to_owned(),
        10 => format!(
            "{{\"Modules\": [{{\"Key\": \"\", \"Source\": \"\", \"Dir\": \".\"}}, {{\"Key\": \"x\", \"Source\": \"\", \"Dir\": \"{source}\"}}]}}"
        ),
        11 => "*\n!main.tf\n".to_owned(),
        12 => format!("{}{MISSING}", "resource \"a\" \"b\" {\n".repeat(random.usize(1..3000))),
        13 => format!("a = {}1{}\n{MISSING}", "(".repeat(random.usize(1..3000)), ")".repeat(random.usize(1..3000))),
        14 => format!("gitdir: {path}\n"),
        15 => format!("#!/bin/bash\nsudo -u ec2-user sudo yum install x\n. {path}\n"),
        16 => (0..random.usize(0..400)).map(|_| *random.choice(NOISE).unwrap_or(&' ')).collect(),
        18 => {
            format!("deploy:\n\tterraform apply -var-file={path} -var r=Enabled\n\tTF_VAR_r=Enabled terragrunt apply\n")
        }
        19 => format!(
            "component \"x\" {{\n  source = \"{source}\"\n  inputs = {{\n    r = {value}\n  }}\n}}\n\
             deployment \"d\" {{\n  inputs = {{\n    r = {value}\n  }}\n}}\n"
        ),
        20 => format!(
            "locals {{\n  x = read_terragrunt_config(\"{path}\")\n  y = file(\"{path}\")\n}}\nunit \"u\" {{\n  source = \"{source}\"\n  \
             path = \"u\"\n  values = {{\n    r = {value}\n  }}\n}}\ninputs = merge(local.x.inputs, {{\n  r = local.y\n}})\n"
        ),
        21 => format!(
            "r: ${{r}}\nx: ${{file(\"{path}\")}}\n%{{ for a in [1, 2] }}${{templatefile(\"{path}\", {{}})}}%{{ endfor }}\n"
        ),
        _ => format!(
            "{{\"resource\": {{\"aws_sagemaker_notebook_instance\": {{\"n\": {{\"root_access\": \"{source}\"}}}}}}}}"
        ),
    }
}

/// Puts something at a name of the repository; what cannot be put there is left out.
fn put(repo: &Path, random: &mut Rng) {
    let name = random.choice(NAMES).expect("there are some");
    let place = repo.join(name);
    let folder = place.parent().expect("it lies in a folder");
    // A link may stand where the folder should: nothing is made through it.
    let inside = folder.ancestors().take_while(|above| *above != repo).all(|above| !above.is_symlink());
    if !inside || fs::create_dir_all(folder).is_err() || place.symlink_metadata().is_ok() {
        return;
    }
    match random.u8(0..24) {
        0 => pipe(&place),
        1 | 2 => symlink(random.choice(TARGETS).expect("there are some"), &place).expect("a link"),
        3 => {
            let file = fs::OpenOptions::new().create(true).append(true).open(&place).expect("a file");
            // Those just below the bound take their size in memory many times, in a build that is slow anyway.
            let size = if random.bool() { random.u8(10..22) } else { random.u8(27..40) };
            file.set_len(1 << size).expect("a sparse file");
        }
        4 => fs::create_dir(&place).expect("a folder"),
        _ => {
            let kind = kind(name, random);
            folder::put(&place, text(kind, random).as_bytes());
        }
    }
}

/// What lies below a folder: what kind it is, and the bytes of short regular files.
fn state(folder: &Path) -> BTreeMap<PathBuf, String> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(|entry| entry.expect("it can be listed"));
    entries
        .map(|entry| {
            let metadata = entry.metadata().expect("it exists");
            let short = metadata.is_file() && metadata.len() < 1 << 20;
            let bytes = if short { fs::read(entry.path()).expect("it can be read") } else { Vec::new() };
            let link = fs::read_link(entry.path()).unwrap_or_default().display().to_string();
            (entry.into_path(), format!("{:?} {link} {}", metadata.file_type(), bytes.escape_ascii()))
        })
        .collect()
}

/// What a process needs of the system, whatever it works on, and the user's own settings of git, one of which the tests
/// set to `/dev/null`.
fn is_of_the_system(path: &str) -> bool {
    let process = ["/status", "/maps", "/cgroup", "/mountinfo", "/overcommit_memory"];
    let system = ["/usr/", "/lib", "/etc/ld.so", "/sys/fs/cgroup", "/sys/devices/system/cpu"];
    system.iter().any(|start| path.starts_with(start))
        || path.starts_with("/proc/") && process.iter().any(|end| path.ends_with(end))
        || ["/etc/gitconfig", "/dev/null"].contains(&path)
}

/// What the kernel was asked for that it should not have been.
fn wrong(log: &str, repo: &Path, writes: bool) -> Vec<String> {
    let repo = repo.to_str().expect("temporary folders have plain names");
    let opened = |line: &str| {
        line.rsplit_once("= ").and_then(|(_, end)| Some(end.split_once('<')?.1.split_once('>')?.0.to_owned()))
    };
    let is_wrong = |line: &&str| {
        if !line.contains("open") {
            return !writes && !line.contains("out.json") && !line.contains(".unroot-") && line.ends_with("= 0");
        }
        let Some(path) = opened(line) else { return false };
        let is_inside = path == repo || path.starts_with(&format!("{repo}/"));
        let changes = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].iter().any(|flag| line.contains(flag));
        if changes {
            !is_inside || !writes && !path.contains("/.unroot-")
        } else {
            !is_inside && !is_of_the_system(&path)
        }
    };
    log.lines().filter(is_wrong).map(str::to_owned).collect()
}

/// What a run has taken: time on the clock, under strace, and the largest memory of a process.
#[derive(Clone, Copy)]
struct Taken {
    time: Duration,
    memory: u64,
}

fn traced(repo: &Path, log: &Path, arguments: &[&str]) -> (Ended, Taken) {
    let mut traced = command("timeout", repo);
    traced.args(["-s", "KILL", "60", "strace", "-f", "-qq", "-y", "-s", "300"]);
    traced.args(["-e", "trace=open,openat,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,truncate,chmod,link,linkat,symlink"]);
    traced.arg("-o").arg(log).args(["prlimit", "--as=1610612736", env!("CARGO_BIN_EXE_unroot")]).args(arguments);
    let (out, err) = (log.with_extension("out"), log.with_extension("err"));
    let file =
        |path: &Path| Stdio::from(fs::OpenOptions::new().create_new(true).write(true).open(path).expect("a file"));
    traced.env("SECRET_TOKEN", SECRET).stdin(Stdio::null()).stdout(file(&out)).stderr(file(&err));
    let start = Instant::now();
    let ended = traced.spawn().expect("timeout starts").wait4().expect("it ends");
    let taken = Taken { time: start.elapsed(), memory: ended.rusage.maxrss };
    let err = fs::read_to_string(&err).expect("messages are UTF-8");
    (Ended { code: ended.status.code(), out: fs::read(&out).expect("the output"), err }, taken)
}

#[test]
fn nothing_is_opened_that_the_command_line_does_not_name() {
    let mut trial = command("strace", Path::new("."));
    let runs = trial.args(["-o", "/dev/null", "true"]).output().is_ok_and(|output| output.status.success());
    if !required("UNROOT_REQUIRE_STRACE", "strace", runs) {
        return;
    }
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let first: u64 = number("UNROOT_SEED").unwrap_or_else(|| fastrand::u64(..));
    let mut codes = BTreeMap::new();
    let (mut slowest, mut largest, mut heavy) = ((Duration::ZERO, 0), (0, 0), 0);
    for seed in (0..number("UNROOT_RUNS").unwrap_or(RUNS)).map(|run| first.wrapping_add(run)) {
        let mut random = Rng::with_seed(seed);
        let around = folder::with(&[("outside/main.tf", MISSING), ("outside/secret", SECRET), ("repo/.git/HEAD", "")]);
        let around_path = around.path().canonicalize().expect("it exists");
        pipe(&around_path.join("outside/pipe"));
        let repo = around_path.join("repo");
        for _ in 0..random.u8(3..25) {
            put(&repo, &mut random);
        }
        let options: [&[&str]; 6] = [
            &["--check"],
            &["-v"],
            &["--check", "--report", "json=out.json", "--hidden", "--no-ignore"],
            &["--write", "--unsafe-fixes"],
            &["--format", "sarif", "--no-config"],
            &["--check", "--format", "markdown", "."],
        ];
        let arguments = random.choice(options).expect("there are some");
        let writes = arguments.contains(&"--write");
        let (outside, before) = (state(&around_path.join("outside")), state(&repo));
        let log = folder::empty();
        let log = log.path().join("log");
        let (ended, taken) = traced(&repo, &log, arguments);
        if taken.time > slowest.0 {
            slowest = (taken.time, seed);
        }
        if taken.memory > largest.0 {
            largest = (taken.memory, seed);
        }
        heavy += u32::from(taken.time > Duration::from_secs(5) || taken.memory > 512 << 20);
        let what = format!("UNROOT_SEED={seed} UNROOT_RUNS=1, {arguments:?}, in {}", repo.display());
        assert!(matches!(ended.code, Some(0..=2)), "{what}: {:?} {}", ended.code, ended.err);
        assert!(!ended.err.contains("panicked"), "{what}: {}", ended.err);
        let said = format!("{}{}", ended.text(), ended.err);
        assert!(!said.contains(SAID) && !said.contains("root:x:0"), "{what}: {said}");
        let log = fs::read_to_string(&log).expect("strace has written its log");
        assert!(log.contains("openat"), "{what}: nothing was traced");
        assert_eq!(wrong(&log, &repo, writes), [""; 0], "{what}");
        assert_eq!(state(&around_path.join("outside")), outside, "{what}");
        if !writes {
            let mut after = state(&repo);
            let mut before = before;
            for state in [&mut after, &mut before] {
                state.remove(&repo.join("out.json"));
            }
            assert_eq!(after, before, "{what}");
        }
        *codes.entry(ended.code).or_insert(0) += 1;
    }
    #[expect(clippy::print_stdout, reason = "what a long run has seen")]
    {
        println!(
            "from seed {first}: exit codes {codes:?}; slowest {:.2} s (seed {}), largest {} MiB (seed {}), {heavy} over 5 s or 512 MiB",
            slowest.0.as_secs_f64(),
            slowest.1,
            largest.0 >> 20,
            largest.1
        );
    }
}
