//! Which files a command writes, and with which content where that is known.

use super::command_line::{Args, lists};
use super::known_programs::{self, At, Does};
use super::{Moment, sed};
use crate::script::effect::Write;
use crate::script::shell::mapped::{Text, UNKNOWN};
use crate::script::state::paths;
use crate::script::state::user::User;

/// Folders that are there on every instance, so that copying to them keeps the file's name.
const FOLDERS: &str = "/etc /etc/sudoers.d /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly \
    /etc/systemd/system /usr/lib/systemd/system /lib/systemd/system /etc/profile.d /etc/polkit-1/rules.d /etc/pam.d \
    /etc/init.d /usr/local/bin /usr/bin /root /root/.ssh /tmp /opt /home/ec2-user /home/ec2-user/SageMaker";

/// The files that a command line writes besides its redirects.
pub fn writes(moment: Moment<'_>) -> Vec<Write> {
    let Moment { call, args, context, .. } = moment;
    let resolve = |text: &Text| moment.resolve(text.as_str());
    // An archive that is unpacked.
    let into = |folder: Option<&Text>, archive: Option<&Text>| {
        let folder = folder.map_or_else(|| moment.state.folder.clone().unwrap_or_else(|| UNKNOWN.to_string()), resolve);
        let source = archive.map(|archive| (resolve(archive), false));
        vec![Write { source, ..Write::new(format!("{}/{UNKNOWN}", folder.trim_end_matches('/'))) }]
    };
    match call.name() {
        "tee" => {
            let fed = context.input.as_ref().map(|input| input.text.clone());
            let append = args.has("-a --append");
            let files = args.operands().filter(|path| !path.as_str().starts_with("/dev/"));
            files
                .map(|path| Write { content: fed.clone(), append, creates: !append, ..Write::new(resolve(path)) })
                .collect()
        }
        "install" if args.has("-d --directory") => {
            let owner = args.value("-o --owner").map(|owner| User::named(owner.as_str()));
            args.operands().map(|path| Write { owner: owner.clone(), ..Write::empty(resolve(path)) }).collect()
        }
        "cp" | "mv" | "ln" | "install" | "rsync" => copies(moment),
        "dd" => {
            let target = |word: &Text| word.as_str().strip_prefix("of=").map(|path| Write::new(moment.resolve(path)));
            call.arguments().iter().filter_map(target).collect()
        }
        "curl" => {
            let folder = args.value("--output-dir").map(resolve).or_else(|| moment.state.folder.clone());
            downloaded(
                args.value("-o --output"),
                args.has("-O --remote-name -J").then(|| url(args)).flatten(),
                folder.as_deref(),
            )
        }
        "wget" => {
            let folder = args.value("-P --directory-prefix").map(resolve).or_else(|| moment.state.folder.clone());
            match args.value("-O --output-document") {
                Some(file) => downloaded(Some(file), None, moment.state.folder.as_deref()),
                None => args.operands().flat_map(|url| downloaded(None, Some(url), folder.as_deref())).collect(),
            }
        }
        "git" if args.verb() == "clone" => {
            let folder = args.value("-C").map(resolve).or_else(|| moment.state.folder.clone());
            let named = args.operand(2).map(Text::as_str);
            let target = named.or_else(|| Some(paths::base(args.operand(1)?.as_str()).trim_end_matches(".git")));
            target.map(|path| Write::new(paths::resolve(path, folder.as_deref()))).into_iter().collect()
        }
        "aws" => downloaded_from_s3(moment).into_iter().collect(),
        "tar" => {
            let first = call.arguments().first().map_or("", Text::as_str);
            let bundled = !first.starts_with('-') && first.contains('x') && !first.contains(['/', '.']);
            let named = || args.operand(1).filter(|_| bundled && first.contains('f'));
            if bundled || args.has("-x --extract --get") {
                into(args.value("-C --directory"), args.value("-f --file").or_else(named))
            } else {
                Vec::new()
            }
        }
        "unzip" if !args.has("-l -p -t -v -Z") => into(args.value("-d"), args.operand(0)),
        "conda" | "mamba" | "micromamba" if args.operands().any(|verb| verb.as_str() == "create") => {
            args.value("-p --prefix").map(|path| Write::new(resolve(path))).into_iter().collect()
        }
        "ssh-keygen" if !args.has("-R -l -F -y -e -i") => {
            args.value("-f").map(|path| Write::new(resolve(path))).into_iter().collect()
        }
        name if name.starts_with("python") && args.value("-m").is_some_and(|it| it.as_str() == "venv") => {
            let rest = args.at(0).map_or(&[][..], |at| &call.arguments()[at..]);
            let inner = known_programs::args_of("virtualenv", rest);
            inner.operands().next_back().map(|path| Write::new(resolve(path))).into_iter().collect()
        }
        name => match sed::in_place(name, args) {
            Some((added, files)) => files
                .into_iter()
                .map(|path| Write { content: added.clone(), append: true, ..changed(resolve(path)) })
                .collect(),
            None => by_table(name, moment),
        },
    }
}

/// A file that is changed in place, which keeps its owner.
fn changed(path: String) -> Write {
    Write { creates: false, in_place: true, ..Write::new(path) }
}

/// The files that a program writes, by the table.
fn by_table(name: &str, moment: Moment<'_>) -> Vec<Write> {
    let at =
        |at: At| at.words(moment.args).into_iter().map(|path| moment.resolve(path.as_str())).collect::<Vec<String>>();
    let mut found = Vec::new();
    for does in known_programs::find(name).map_or(&[][..], |program| &program.does) {
        match *does {
            Does::Writes(place) => found.extend(at(place).into_iter().map(Write::new)),
            Does::Edits(place) => found.extend(at(place).into_iter().map(changed)),
            Does::Creates { files, at: place } => {
                found.extend(at(place).into_iter().map(|path| Write { append: files, ..Write::empty(path) }));
            }
            _ => {}
        }
    }
    found
}

/// The file that a download makes: the one that is named, or the last part of the address.
fn downloaded(file: Option<&Text>, url: Option<&Text>, folder: Option<&str>) -> Vec<Write> {
    let name = match (file.map(Text::as_str), url) {
        (Some(file), _) if file == "-" || file.starts_with("/dev/") => return Vec::new(),
        (Some(file), _) => file,
        (None, Some(url)) => {
            let path = url.as_str().split(['?', '#']).next().unwrap_or_default();
            paths::base(path)
        }
        (None, None) => return Vec::new(),
    };
    vec![Write::new(paths::resolve(name, folder))]
}

fn url<'a>(args: &Args<'a>) -> Option<&'a Text> {
    args.operands().find(|word| word.as_str().contains("://")).or_else(|| args.operands().next_back())
}

/// `aws s3 cp REMOTE LOCAL`.
fn downloaded_from_s3(moment: Moment<'_>) -> Option<Write> {
    let word = |at: usize| moment.args.operand(at).map(Text::as_str);
    let (service, verb, target) = (word(0)?, word(1)?, word(3)?);
    if service != "s3" || !matches!(verb, "cp" | "sync" | "mv") || target.contains("://") || target == "-" {
        return None;
    }
    let path = moment.resolve(target);
    let inside = paths::exists_before(&path) || target.ends_with(['.', '/']) && verb != "sync";
    Some(Write::new(if inside { format!("{path}/{UNKNOWN}") } else { path }))
}

/// Whether the path is a folder, so that what is copied there keeps its own name.
fn is_folder(written: &str, path: &str) -> bool {
    written.ends_with('/') || written == "." || written == ".." || lists(FOLDERS, path)
}

fn copies(moment: Moment<'_>) -> Vec<Write> {
    let Moment { call, args, context, files, .. } = moment;
    let name = call.name();
    let owner = args.value("-o --owner").filter(|_| name == "install").map(|owner| User::named(owner.as_str()));
    let mut sources: Vec<&Text> = args.operands().collect();
    let target = args.value("-t --target-directory").filter(|_| name != "rsync").cloned();
    let into = target.is_some();
    let target = match target {
        Some(target) => target,
        None if sources.len() > 1 => sources.pop().cloned().unwrap_or_default(),
        // `ln -s TARGET` links into the working folder.
        None if name == "ln" => {
            let link = |only: &&Text| {
                let leads_to = Some(moment.resolve(only.as_str()));
                Write { creates: false, leads_to, ..Write::new(moment.resolve(paths::base(only.as_str()))) }
            };
            return sources.first().map(link).into_iter().collect();
        }
        None => return Vec::new(),
    };
    if target.as_str().contains(':') {
        return Vec::new();
    }
    let folder = moment.resolve(target.as_str());
    let keeps_owner = match name {
        "mv" => true,
        "rsync" => args.has("-a --archive -o --owner"),
        "cp" => args.has("-a --archive -p --preserve"),
        _ => false,
    };
    let inside = into || sources.len() > 1 || is_folder(target.as_str(), &folder);
    let copy = |source: &Text| {
        let from = if source.as_str() == "/dev/stdin" { String::new() } else { moment.resolve(source.as_str()) };
        // `rsync FOLDER/` copies what is in the folder.
        let of_content = name == "rsync" && source.as_str().ends_with('/');
        let path = if inside && !of_content {
            format!("{}/{}", folder.trim_end_matches('/'), paths::base(source.as_str()))
        } else {
            folder.clone()
        };
        let content = if from.is_empty() {
            context.input.as_ref().map(|input| input.text.clone())
        } else {
            Some(files.read(&from)).filter(|text| !text.is_empty())
        };
        let in_place = keeps_owner && paths::is_within(&from, paths::HOME);
        let known = content.is_some();
        // Nobody asks who owns a link.
        let creates = name != "ln";
        let (leads_to, source) = if creates { (None, Some((from, known))) } else { (Some(from), None) };
        Write { content, creates, leads_to, owner: owner.clone(), in_place, source, ..Write::new(path) }
    };
    sources.into_iter().map(copy).collect()
}
