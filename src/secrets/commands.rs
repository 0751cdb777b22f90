//! What programs take as a password, by the options and the input of each.

use std::collections::HashSet;
use std::ops::Range;

use super::{Found, value};

/// Programs with `-pPASSWORD`, the word itself.
const ATTACHED: [&str; 9] =
    ["mysql", "mysqldump", "mysqladmin", "mysqlimport", "mariadb", "mariadb-dump", "sshpass", "7z", "7za"];

/// Programs with a password behind an option, the next word.
const BEHIND: [(&str, &str); 22] = [
    ("sshpass", "-p"),
    ("mongo", "-p"),
    ("mongosh", "-p"),
    ("mongodump", "-p"),
    ("useradd", "-p"),
    ("usermod", "-p"),
    ("login", "-p"),
    ("redis-cli", "-a"),
    ("redis-cli", "--pass"),
    ("ldapsearch", "-w"),
    ("ldapadd", "-w"),
    ("ldapmodify", "-w"),
    ("zip", "-P"),
    ("unzip", "-P"),
    ("sqlcmd", "-P"),
    ("bcp", "-P"),
    ("put-parameter", "--value"),
    ("curl", "-b"),
    ("curl", "-E"),
    ("openssl", "-k"),
    ("vncpasswd", "-f"),
    ("tailscale", "--authkey"),
];

/// Programs whose last word is a secret, in these words.
const LAST: [&[&str]; 6] = [
    &["wandb", "login"],
    &["vault", "login"],
    &["openssl", "passwd"],
    &["htpasswd"],
    &["rclone", "obscure"],
    &["ngrok", "authtoken"],
];

/// Words of a command that reads a secret from its input.
const READERS: [&str; 9] = [
    "chpasswd",
    "passwd",
    "--password-stdin",
    "--passphrase-fd",
    "--with-token",
    "--stdin",
    "kinit",
    "cryptsetup",
    "vncpasswd",
];

/// Programs of which `-u` names a user alone, those of a container by their command.
const USERS_ALONE: [&str; 10] = ["sudo", "su", "runuser", "doas", "gosu", "run", "exec", "create", "crontab", "id"];

/// More lines of a heredoc than this hold no secrets.
const MOST_LINES: usize = 50;

/// Finds what is handed to programs.
pub(super) fn find(found: &mut Found<'_>) {
    let text = found.text;
    let mut lines = Lines { text, at: 0 };
    while let Some(line) = lines.next() {
        let words = words(text, line.clone());
        let names: HashSet<&str> = words.iter().map(|word| name(text, word)).collect();
        let has = |name: &str| names.contains(name);
        options(&words, &has, found);
        let reads = READERS.iter().any(|word| has(word))
            || has("sudo") && words.iter().any(|word| is_sudo_input(&text[word.clone()]));
        if reads {
            fed(&line, &words, found);
            if text[line.clone()].contains("<<") && !text[line.clone()].contains("<<<") {
                // Lines by themselves: what goes on behind a `|` is of no meaning here.
                for _ in 0..MOST_LINES {
                    let start = lines.at;
                    let end = text[start..].find('\n').map_or(text.len(), |end| start + end);
                    let words = text[start..end].trim();
                    if words.chars().all(|c| c.is_ascii_uppercase() || c == '_') {
                        break;
                    }
                    let colon = text[start..end].find(':').map_or(0, |colon| colon + 1);
                    found.add(start + colon..start + text[start..end].trim_end().len());
                    lines.at = (end + 1).min(text.len());
                }
            }
        }
    }
}

/// Lines, those that go on together.
struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Lines<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        if start >= self.text.len() {
            return None;
        }
        loop {
            let end = self.text[self.at..].find('\n').map_or(self.text.len(), |end| self.at + end);
            let goes_on = self.text[self.at..end].trim_end().ends_with(['\\', '|', '&']);
            self.at = (end + 1).min(self.text.len());
            if !goes_on || end == self.text.len() {
                return Some(start..end);
            }
        }
    }
}

/// The words of a line, without the quotes and signs around them.
fn words(text: &str, line: Range<usize>) -> Vec<Range<usize>> {
    let separates = |c: char| c.is_whitespace() || matches!(c, ';' | '|' | '(' | ')' | '`' | '&' | '\\');
    let mut words = Vec::new();
    let mut start = line.start;
    let ends = text[line.clone()].match_indices(separates).map(|(at, sign)| (line.start + at, sign.len()));
    for (end, length) in ends.chain([(line.end, 0)]) {
        let word = &text[start..end];
        let from = end - word.trim_start_matches(['"', '\'']).len();
        let to = start + word.trim_end_matches(['"', '\'']).len();
        if from < to {
            words.push(from..to);
        }
        start = end + length;
    }
    words
}

/// A word as the name of a program. In a string of Terraform or JSON a line end stands in front of it as `\\n`.
fn name<'t>(text: &'t str, word: &Range<usize>) -> &'t str {
    let name = base(&text[word.clone()]);
    if text[..word.start].ends_with('\\') { name.strip_prefix('n').unwrap_or(name) } else { name }
}

fn base(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

/// `-S` and options with it, such as `-kS`.
fn is_sudo_input(word: &str) -> bool {
    word.len() < 6 && word.starts_with('-') && !word.starts_with("--") && word.ends_with('S')
}

/// Passwords in options and words.
fn options(words: &[Range<usize>], has: &dyn Fn(&str) -> bool, found: &mut Found<'_>) {
    let text = found.text;
    let mut push = |span: Range<usize>| found.add(span);
    // The programs so far: those that start another one, as in `sudo -E curl`, have options of their own.
    let mut before: HashSet<&str> = HashSet::new();
    // What options are given to: the last word that is neither one of them nor an assignment.
    let mut command = None;
    for (index, word) in words.iter().enumerate() {
        let name = &text[word.clone()];
        let next =
            || words.get(index + 1).map(|next| whole(text, next)).filter(|next| !text[next.clone()].starts_with('-'));
        let user = match name {
            "-u" | "--user" | "--proxy-user" | "-U" => next(),
            _ => name
                .strip_prefix("-u")
                .or_else(|| name.strip_prefix("--user="))
                .filter(|rest| !rest.is_empty())
                .map(|rest| whole(text, &(word.end - rest.len()..word.end))),
        };
        if let Some(user) = user.filter(|_| !command.is_some_and(|command| USERS_ALONE.contains(&command))) {
            after_user(text, user).into_iter().for_each(&mut push);
        }
        if !name.starts_with('-') {
            let program = self::name(text, word);
            before.insert(program);
            command = if name.contains('=') { command } else { Some(program) };
            continue;
        }
        if name.starts_with("-p") && name.len() > 2 && ATTACHED.iter().any(|program| has(program)) {
            push(whole(text, &(word.start + 2..word.end)));
        }
        for (program, option) in BEHIND {
            if name == option && before.contains(program) {
                next().into_iter().for_each(&mut push);
            }
        }
    }
    for programs in LAST {
        if programs.iter().all(|program| has(program))
            && let Some(last) = words.last().filter(|last| !text[(*last).clone()].starts_with('-'))
            && !programs.contains(&base(&text[last.clone()]))
        {
            push(last.clone());
        }
    }
}

/// A word to the end of its quotes.
fn whole(text: &str, word: &Range<usize>) -> Range<usize> {
    let quoted = text[..word.start].ends_with(['"', '\'']);
    let span = value(text, word.start - usize::from(quoted));
    span.start..span.end.max(word.end)
}

/// What follows the user in `user:password` and `user%password`; nothing in a pair of numbers or with a path.
fn after_user(text: &str, word: Range<usize>) -> Option<Range<usize>> {
    let at = word.start + separator(&text[word.clone()])?;
    let (user, password) = (&text[word.start..at], &text[at + 1..word.end]);
    let is_number = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let is_other = is_number(user) && is_number(password) || password.is_empty() || password.starts_with('/');
    (!is_other).then_some(word.end - password.len()..word.end)
}

/// Where the user ends. The signs within `${NAME:-default}` part nothing.
fn separator(word: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, sign) in word.char_indices() {
        match sign {
            '{' if word[..at].ends_with('$') => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' | '%' if depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

/// What a line prints for a command that reads a secret, and what it hands over as `<<< word`.
fn fed(line: &Range<usize>, words: &[Range<usize>], found: &mut Found<'_>) {
    let text = found.text;
    if let Some(at) = text[line.clone()].find("<<<") {
        let start = line.start + at + 3;
        let start = start + text[start..line.end].len() - text[start..line.end].trim_start().len();
        found.add(value(text, start));
    }
    let prints = |word: &Range<usize>| matches!(name(text, word), "echo" | "printf" | "yes");
    let Some(first) = words.iter().position(prints) else { return };
    let Some(pipe) = text[words[first].end..line.end].find('|').map(|at| words[first].end + at) else { return };
    let printed = words[first + 1..].iter().filter(|word| word.end <= pipe);
    for word in printed.filter(|word| !text[(*word).clone()].starts_with(['-', '%'])) {
        let start = text[word.clone()].find(':').map_or(word.start, |colon| word.start + colon + 1);
        found.add(start..word.end);
    }
}
