//! Who owns which file, by the `CODEOWNERS` file of a repository.
//!
//! Sources: GitHub documentation, "About code owners" (the last pattern that matches counts; no `!`, no `[ ]`; a pattern
//! without owners takes them away); GitLab documentation, "Code Owners", "CODEOWNERS syntax" (sections with owners of their
//! own, each of which counts by itself).

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

/// Where the file lies, from the top of the repository: where GitHub looks first, then where GitLab does.
pub const PLACES: [&str; 4] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// A longer file does not count, in bytes: GitHub takes no more than 3 MB.
pub const LONGEST: u64 = 3_000_000;

/// More lines than this do not count.
const MOST_LINES: usize = 20_000;

/// The owners of files.
#[derive(Debug, Default)]
pub struct Owners {
    patterns: GlobSet,
    /// For each pattern the line of the file that it is of.
    lines_of: Vec<usize>,
    lines: Vec<Line>,
}

/// A line with a pattern.
#[derive(Debug)]
struct Line {
    /// The section it stands in.
    section: usize,
    owners: Vec<String>,
}

impl Owners {
    /// Reads the text of a `CODEOWNERS` file. What is no pattern is passed over, as on the platforms.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let (mut patterns, mut lines_of, mut lines) = (GlobSetBuilder::new(), Vec::new(), Vec::new());
        let (mut section, mut of_section) = (0, Vec::new());
        for line in text.lines().take(MOST_LINES) {
            let words = words(line);
            let Some((first, owners)) = words.split_first() else { continue };
            if let Some(after) = header(line) {
                section += 1;
                of_section = self::words(after);
                continue;
            }
            let globs: Vec<Glob> = globs(first);
            if globs.is_empty() {
                continue;
            }
            for glob in globs {
                patterns.add(glob);
                lines_of.push(lines.len());
            }
            let owners = if owners.is_empty() { of_section.clone() } else { owners.to_vec() };
            lines.push(Line { section, owners });
        }
        // A pattern that is well formed alone may be too large with the others; then nobody is named.
        let Ok(patterns) = patterns.build() else { return Self::default() };
        Self { patterns, lines_of, lines }
    }

    /// The owners of the file at a path, which counts from the top of the repository; in the order of the file, each once.
    #[must_use]
    pub fn of(&self, path: &str) -> Vec<&str> {
        let mut last: Vec<Option<usize>> = Vec::new();
        for pattern in self.patterns.matches(path) {
            let line = self.lines_of[pattern];
            let section = self.lines[line].section;
            last.resize(last.len().max(section + 1), None);
            last[section] = last[section].max(Some(line));
        }
        let mut owners: Vec<&str> = Vec::new();
        for owner in last.into_iter().flatten().flat_map(|line| &self.lines[line].owners) {
            if !owners.contains(&owner.as_str()) {
                owners.push(owner);
            }
        }
        owners
    }
}

/// The text behind the head of a section of GitLab's: `[Name]`, `^[Name]`, `[Name][2]`. On GitHub no pattern starts with
/// a bracket.
fn header(line: &str) -> Option<&str> {
    let line = line.trim();
    let (_, after) = line.strip_prefix('^').unwrap_or(line).strip_prefix('[')?.split_once(']')?;
    Some(after.strip_prefix('[').and_then(|number| number.split_once(']')).map_or(after, |(_, after)| after))
}

/// The words of a line up to a comment; a backslash keeps a blank or a `#` in its word.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word) = (Vec::new(), String::new());
    let mut characters = line.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => word.extend(characters.next()),
            '#' if word.is_empty() => break,
            c if c.is_whitespace() => words.extend((!word.is_empty()).then(|| std::mem::take(&mut word))),
            c => word.push(c),
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// The globs of a pattern: files of that name, and all below folders of that name.
fn globs(pattern: &str) -> Vec<Glob> {
    let name = pattern.trim_start_matches('/').trim_end_matches('/');
    let anywhere = if pattern.trim_end_matches('/').contains('/') || name.is_empty() { "" } else { "**/" };
    let mut taken = String::from(anywhere);
    for c in name.chars() {
        // Neither platform knows sets and alternatives.
        if matches!(c, '[' | ']' | '{' | '}' | '\\') {
            taken.push('\\');
        }
        taken.push(c);
    }
    let below = if name.is_empty() { "**".to_owned() } else { format!("{taken}/**") };
    // `docs/*` owns the files of the folder and none further down.
    let is_of_files = pattern.ends_with("/*") && pattern != "/*" || name == "*" && pattern != "*";
    let wanted = match () {
        () if name.is_empty() || pattern.ends_with('/') => vec![below],
        () if is_of_files || pattern == "/*" => vec![taken],
        () => vec![taken, below],
    };
    let glob = |text: String| GlobBuilder::new(&text).literal_separator(true).backslash_escape(true).build().ok();
    wanted.into_iter().filter_map(glob).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_pattern_that_matches_counts() {
        let owners = Owners::parse(
            "# all\n* @org/all\n*.tf @org/tf  @second # comment\n/teams/ads/ @org/ads\ndocs/* docs@example.org\n\
             /teams/ads/free\nbuild/logs\\ of/ @org/logs\n/top @org/top\n**/deep/ @org/deep\n",
        );
        for (path, expected) in [
            ("a/b.txt", &["@org/all"][..]),
            ("a/b.tf", &["@org/tf", "@second"]),
            ("teams/ads/dev/main.tf", &["@org/ads"]),
            ("x/teams/ads/main.txt", &["@org/all"]),
            ("docs/a.md", &["docs@example.org"]),
            ("docs/deep.d/a.md", &["@org/all"]),
            ("teams/ads/free/a.tf", &[]),
            ("build/logs of/x", &["@org/logs"]),
            ("top/a/b", &["@org/top"]),
            ("a/top", &["@org/all"]),
            ("a/deep/b/c.tf", &["@org/deep"]),
        ] {
            assert_eq!(owners.of(path), expected, "{path}");
        }
    }

    #[test]
    fn each_section_counts_by_itself() {
        let owners = Owners::parse(
            "*.tf @first\n[Security][2] @sec\n*.tf\nprod/ @sec-prod\n^[Optional Docs] @doc\nprod/ @doc @first\n",
        );
        assert_eq!(owners.of("a.tf"), ["@first", "@sec"]);
        assert_eq!(owners.of("prod/a.tf"), ["@first", "@sec-prod", "@doc"]);
    }

    #[test]
    fn nothing_special_is_in_brackets_and_nothing_breaks() {
        let owners = Owners::parse("a[b]{c,d}.tf @x\n[unclosed @y\n\\\n/ @top\n");
        assert_eq!(owners.of("a[b]{c,d}.tf"), ["@top"]);
        assert_eq!(Owners::parse("a[b]{c,d}.tf @x\n").of("a[b]{c,d}.tf"), ["@x"]);
        assert_eq!(Owners::default().of("a.tf"), [""; 0]);
    }
}
