//! Reads a command line by the grammar of its program.

use crate::script::shell::mapped::Text;

/// How the options of a program read. Names are separated by blanks, with their dashes: `-o --output`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Grammar {
    /// The options that take a value, attached or as the next word.
    pub valued: &'static str,
    /// The options that take the next two words as one value.
    pub pairs: &'static str,
    /// The options that take what follows in their own word as a value: `-i.bak`.
    pub attached: &'static str,
    /// Options end at the first operand: the rest belongs to the command that it names.
    pub leads: bool,
    /// Options after which every word is an operand.
    pub last: &'static str,
    /// `NAME=value` words before the first operand are variables.
    pub assigns: bool,
}

impl Grammar {
    /// No option takes a value, and operands and options mix.
    pub const PLAIN: Self = Self { valued: "", pairs: "", attached: "", leads: false, last: "", assigns: false };
}

/// A command line taken apart.
#[derive(Debug, Default)]
pub struct Args<'a> {
    options: Vec<(String, Option<Text>)>,
    /// Neither options nor their values, each with its index among the words.
    operands: Vec<(usize, &'a Text)>,
    /// Variables set for the command.
    pub assigned: Vec<(String, Text)>,
}

/// Whether a list of names holds a name.
pub fn lists(names: &str, name: &str) -> bool {
    names.split_ascii_whitespace().any(|it| it == name)
}

impl<'a> Args<'a> {
    /// Reads the words behind the program's name.
    pub fn parse(words: &'a [Text], grammar: Grammar) -> Self {
        let mut args = Self::default();
        let takes = |name: &str| lists(grammar.valued, name);
        let (mut index, mut open) = (0, true);
        while let Some(word) = words.get(index) {
            let text = word.as_str();
            index += 1;
            let plus = text.starts_with('+') && takes("+o");
            if !open || text.len() < 2 || !(text.starts_with('-') || plus) {
                if open
                    && grammar.assigns
                    && let Some((name, value)) = assignment(word)
                {
                    args.assigned.push((name, value));
                    continue;
                }
                args.operands.push((index - 1, word));
                open &= !grammar.leads;
                continue;
            }
            if text == "--" {
                open = false;
                continue;
            }
            let mut next = || {
                index += 1;
                words.get(index - 1).cloned()
            };
            if let Some((name, _)) =
                text.split_once('=').filter(|(name, _)| text.starts_with("--") || name.len() > 2 && takes(name))
            {
                args.options.push((name.to_owned(), Some(word.slice(name.len() + 1..text.len()))));
                continue;
            }
            if lists(grammar.pairs, text) {
                next();
                args.options.push((text.to_owned(), next()));
                continue;
            }
            if takes(text) || text.starts_with("--") {
                let value = if takes(text) { next() } else { None };
                args.options.push((text.to_owned(), value));
                open &= !lists(grammar.last, text);
                continue;
            }
            for (at, letter) in text.char_indices().skip(1) {
                let name = format!("{}{letter}", &text[..1]);
                let after = at + letter.len_utf8();
                let attached = || (after < text.len()).then(|| word.slice(after..text.len()));
                let valued = takes(&name);
                let bound = lists(grammar.attached, &name);
                let value = if valued { attached().or_else(&mut next) } else { attached().filter(|_| bound) };
                open &= !lists(grammar.last, &name);
                args.options.push((name, value));
                if valued || bound {
                    break;
                }
            }
        }
        args
    }

    /// Whether one of the options is there.
    pub fn has(&self, names: &str) -> bool {
        self.options.iter().any(|(name, _)| lists(names, name))
    }

    /// The options in order, with their values.
    pub fn options(&self) -> impl Iterator<Item = (&str, Option<&Text>)> {
        self.options.iter().map(|(name, value)| (name.as_str(), value.as_ref()))
    }

    /// The values of these options, in order.
    pub fn values(&self, names: &str) -> impl Iterator<Item = &Text> {
        self.options.iter().filter(move |(name, _)| lists(names, name)).filter_map(|(_, value)| value.as_ref())
    }

    /// The last value of these options.
    pub fn value(&self, names: &str) -> Option<&Text> {
        self.values(names).last()
    }

    pub fn operands(&self) -> impl DoubleEndedIterator<Item = &'a Text> + ExactSizeIterator {
        self.operands.iter().map(|(_, word)| *word)
    }

    pub fn operand(&self, index: usize) -> Option<&'a Text> {
        self.operands.get(index).map(|(_, word)| *word)
    }

    /// The index among the words of an operand.
    pub fn at(&self, operand: usize) -> Option<usize> {
        self.operands.get(operand).map(|(index, _)| *index)
    }

    /// The first operand, which says what many programs are to do.
    pub fn verb(&self) -> &'a str {
        self.operand(0).map_or("", |verb| verb.as_str())
    }
}

/// `NAME=value`.
fn assignment(word: &Text) -> Option<(String, Text)> {
    let (name, _) = word.as_str().split_once('=')?;
    let is_name = !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then(|| (name.to_owned(), word.slice(name.len() + 1..word.as_str().len())))
}

#[cfg(test)]
mod tests {
    use super::{Args, Grammar};
    use crate::script::shell::mapped::Text;

    fn read(line: &str, grammar: Grammar) -> (Vec<String>, Vec<String>) {
        let words = Text::of_script(line).fields();
        let args = Args::parse(&words, grammar);
        let option = |(name, value): (&str, Option<&Text>)| format!("{name}={}", value.map_or("", Text::as_str));
        (args.options().map(option).collect(), args.operands().map(|it| it.as_str().to_owned()).collect())
    }

    #[test]
    fn options_values_and_operands_are_told_apart() {
        let install = Grammar { valued: "-o -m --group", ..Grammar::default() };
        assert_eq!(
            read("-R -o ec2-user -Dm755 --group g --group=h a - -- -b", install),
            (
                ["-R=", "-o=ec2-user", "-D=", "-m=755", "--group=g", "--group=h"].map(String::from).to_vec(),
                vec!["a".into(), "-".into(), "-b".into()]
            )
        );
        let shell = Grammar { valued: "-o +o", leads: true, ..Grammar::default() };
        assert_eq!(
            read("-euo pipefail +o x -c a -b", shell),
            (["-e=", "-u=", "-o=pipefail", "+o=x", "-c="].map(String::from).to_vec(), vec!["a".into(), "-b".into()])
        );
        let java = Grammar { valued: "-jar", ..shell };
        assert_eq!(read("-jar x.jar", java).0, ["-jar=x.jar"]);
        let python = Grammar { valued: "-c -m", leads: true, last: "-c -m", ..Grammar::default() };
        assert_eq!(read("-m pip -m install", python), (vec!["-m=pip".into()], vec!["-m".into(), "install".into()]));
        let env = Grammar { leads: true, assigns: true, ..Grammar::default() };
        assert_eq!(read("-i A=1 x B=2", env).1, ["x", "B=2"]);
    }
}
