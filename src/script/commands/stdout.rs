//! The output of a command, where that can be told without running it.

use super::command_line::{Args, lists};
use super::filters::{account, filtered};
use super::{crontab, known_programs};
use crate::script::shell::mapped::Text;
use crate::script::state::call::Call;
use crate::script::state::context::{Content, Context};
use crate::script::state::files::Files;
use crate::script::state::paths;
use crate::script::state::process::State;
use crate::script::state::user::User;

/// Programs that print what they read in another form, and those of them whose first operand says how.
const FILTERS: &str =
    "sed awk gawk mawk jq yq perl cut tr head tail nl rev tac base64 gunzip zcat envsubst dos2unix xz";
const SCRIPTED: &str = "sed awk gawk mawk jq yq perl";

/// The output of a command line. An unknown line if nothing is known.
pub fn of(call: &Call, state: &State, context: &Context, files: &Files) -> Content {
    let input = || context.input.as_deref().cloned();
    let arguments = call.arguments();
    let args = known_programs::args(call);
    let span = call.span();
    let line = |text: &str| Content::from(Text::of(&format!("{text}\n"), span.clone()));
    let known = match call.name() {
        "echo" => Some(echo(arguments).into()),
        "printf" => Some(printf(arguments).into()),
        "cat" => {
            let names = args.operands();
            if names.len() == 0 {
                input()
            } else {
                let mut printed = Content::default();
                for name in names {
                    if name.as_str() == "-" {
                        printed.text.push(&input().unwrap_or_default().text);
                    } else {
                        let path = paths::resolve(name.as_str(), state.folder.as_deref());
                        let text = files.read(&path);
                        if text.is_empty() && path != "/dev/null" {
                            printed.text.push_whole("\u{1a}\n", span.clone());
                        }
                        printed.text.push(&text);
                        printed.from = Some(path);
                    }
                }
                Some(printed).filter(|printed| !printed.text.is_empty() || printed.from.is_some())
            }
        }
        // With a pattern it prints the paths, else names alone.
        "ls" if args.operands().len() == 1 => {
            args.operand(0).filter(|path| path.as_str().contains("/*")).map(|path| line(path.as_str()))
        }
        // Filters that keep whole lines, as in `(crontab -l; echo …) | sort -u | crontab -`.
        "grep" | "egrep" | "sort" | "head" | "tail" if named(&args, call.name()).is_some() => {
            let path = state.resolve(named(&args, call.name()).map_or("", Text::as_str));
            let text = files.read(&path);
            let text = if text.is_empty() { Text::of("\u{1a}\n", span.clone()) } else { text };
            Some(Content { text, from: Some(path) })
        }
        "tee" | "sort" | "uniq" | "grep" | "egrep" => input(),
        // What these print is not computed, but comes from what they read.
        name if lists(FILTERS, name) && !args.has("-i --in-place") => {
            let (from, text) = match named(&args, name) {
                Some(path) => (Some(state.resolve(path.as_str())), None),
                None => (
                    context.input.as_ref().and_then(|input| input.from.clone()),
                    context.input.as_ref().and_then(|input| filtered(name, &args, &input.text)),
                ),
            };
            Some(Content { text: text.unwrap_or_else(|| Text::of("\u{1a}\n", span.clone())), from })
        }
        "which" | "type" => args.operands().next_back().map(|name| line(&state.program(name.as_str()))),
        "whoami" => state.actor.user.name().map(line),
        "id" if args.has("-u --user") => {
            let asked = args.operand(0).map_or_else(|| state.actor.user.clone(), |name| User::named(name.as_str()));
            if args.has("-n --name") { asked.name().map(line) } else { asked.id().map(line) }
        }
        "getent" => account(&args).map(|account| line(&account)),
        "pwd" => state.folder.as_deref().map(line),
        "dirname" => arguments.last().filter(|path| path.is_known()).map(|path| line(paths::parent(path.as_str()))),
        "basename" => args
            .operand(0)
            .filter(|path| path.is_known() && args.operand(1).is_none())
            .map(|path| line(paths::base(path.as_str()))),
        "readlink" | "realpath" => arguments
            .last()
            .filter(|path| path.is_known())
            .map(|path| line(&paths::resolve(path.as_str(), state.folder.as_deref()))),
        "declare" | "typeset" if args.has("-f") => {
            let mut text = Text::default();
            for name in args.operands() {
                if let Some(function) = state.function(name.as_str()) {
                    text.push(&function.unit.text.slice(function.place.clone()));
                    text.push_whole("\n", span.clone());
                }
            }
            Some(text.into())
        }
        "crontab" if args.has("-l") => {
            // What was there before the hook is not known.
            let mut text = Text::of("\u{1a}\n", span.clone());
            if let Some((_, key)) = crontab::owner(&args, state) {
                text.push(&files.read(&key));
            }
            Some(text.into())
        }
        "curl" | "wget" => {
            let address = args.operands().next_back().map_or("", |address| address.as_str());
            let from = if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
            Some(Content { text: Text::of("\u{1a}\n", span.clone()), from: Some(from) })
        }
        "true" | ":" | "cd" | "mkdir" | "touch" | "chmod" | "chown" | "cp" | "mv" | "rm" | "set" | "export"
        | "test" | "[" | "source" | "." => Some(Content::default()),
        _ => None,
    };
    known.unwrap_or_else(|| {
        let mut text = Text::unknown(span.clone());
        text.push_whole("\n", span);
        text.into()
    })
}

/// The file that a filter reads instead of its input.
fn named<'a>(args: &'a Args<'_>, name: &str) -> Option<&'a Text> {
    let pattern = usize::from((name.ends_with("grep") || lists(SCRIPTED, name)) && !args.has("-e -f"));
    args.operands().skip(pattern).next_back().filter(|path| path.as_str().contains('/'))
}

fn echo(arguments: &[Text]) -> Text {
    let is_flag = |word: &&Text| {
        word.as_str()
            .strip_prefix('-')
            .is_some_and(|flags| !flags.is_empty() && flags.bytes().all(|flag| b"neE".contains(&flag)))
    };
    let flags: Vec<&Text> = arguments.iter().take_while(is_flag).collect();
    let escapes = flags.iter().any(|flag| flag.as_str().contains('e'));
    let newline = !flags.iter().any(|flag| flag.as_str().contains('n'));
    let mut result = Text::default();
    for (index, word) in arguments[flags.len()..].iter().enumerate() {
        if index > 0 {
            result.push_whole(" ", word.whole_span());
        }
        result.push(&if escapes { unescape(word) } else { word.clone() });
    }
    if newline {
        let span = arguments.last().map_or(0..0, Text::whole_span);
        result.push_whole("\n", span);
    }
    result
}

pub fn printf(arguments: &[Text]) -> Text {
    let arguments = match arguments.first() {
        Some(word) if word.as_str() == "--" => &arguments[1..],
        _ => arguments,
    };
    let Some((format, values)) = arguments.split_first() else { return Text::default() };
    let mut result = Text::default();
    let mut values = values.iter();
    loop {
        let left = values.len();
        fill(&unescape(format), &mut values, &mut result);
        if values.len() == 0 || values.len() == left {
            return result;
        }
    }
}

/// One pass of a `printf` format over its values.
fn fill<'a>(format: &Text, values: &mut impl Iterator<Item = &'a Text>, result: &mut Text) {
    let text = format.as_str();
    let mut start = 0;
    let mut at = 0;
    while let Some(percent) = text[at..].find('%').map(|offset| at + offset) {
        let conversion = text[percent + 1..].find(|letter: char| letter.is_ascii_alphabetic() || letter == '%');
        let Some(length) = conversion else { break };
        let after = percent + 1 + length + 1;
        result.push(&format.slice(start..percent));
        if text[percent + 1..].starts_with('%') {
            result.push(&format.slice(percent..percent + 1));
        } else if let Some(value) = values.next() {
            result.push(value);
        }
        start = after;
        at = after;
    }
    result.push(&format.slice(start..text.len()));
}

/// Decodes `\n`, `\t` and `\\`.
fn unescape(word: &Text) -> Text {
    let text = word.as_str();
    let mut result = Text::default();
    let mut start = 0;
    let mut at = 0;
    while let Some(slash) = text[at..].find('\\').map(|offset| at + offset) {
        let decoded = match text.as_bytes().get(slash + 1) {
            Some(b'n') => "\n",
            Some(b't') => "\t",
            Some(b'\\') => "\\",
            _ => {
                at = slash + 1;
                continue;
            }
        };
        result.push(&word.slice(start..slash));
        result.push_whole(decoded, word.span(slash..slash + 2));
        start = slash + 2;
        at = start;
    }
    result.push(&word.slice(start..text.len()));
    result
}
