//! Reads the options of a command line.

use crate::script::shell::mapped::Text;

/// The operands among `words`, which start after the command's name: neither options nor their values. `valued` names
/// the options that take a value as a word of their own, such as `-o` or `--owner`.
pub fn operands<'a>(words: &'a [Text], valued: &[&str]) -> Vec<&'a Text> {
    let mut result = Vec::new();
    let mut index = 0;
    while let Some(word) = words.get(index) {
        let text = word.as_str();
        if text == "--" {
            result.extend(&words[index + 1..]);
            break;
        }
        if text.starts_with('-') && text.len() > 1 {
            if takes_value(text, valued) {
                index += 1;
            }
        } else {
            result.push(word);
        }
        index += 1;
    }
    result
}

/// Whether an option word takes the next word as its value; in a cluster only the last letter can.
fn takes_value(text: &str, valued: &[&str]) -> bool {
    if valued.contains(&text) {
        return true;
    }
    if text.starts_with("--") || text.len() <= 2 {
        return false;
    }
    // `-xzf archive`: the cluster ends in a letter that takes a value. `-ovalue` carries its own.
    let takes = |letter: char| valued.iter().any(|option| option.len() == 2 && option.ends_with(letter));
    let letters = &text[1..];
    match letters.char_indices().find(|(_, letter)| takes(*letter)) {
        Some((at, letter)) => at + letter.len_utf8() == letters.len(),
        None => false,
    }
}

/// The value of an option in any of its spellings: `-o v`, `-ov`, `--owner v`, `--owner=v`. Clusters that end in the
/// letter count too.
pub fn value<'a>(words: &'a [Text], short: Option<char>, long: &str) -> Option<Text> {
    let mut found = None;
    for (index, word) in words.iter().enumerate() {
        let text = word.as_str();
        let next: Option<&'a Text> = words.get(index + 1);
        if text == "--" {
            break;
        }
        if let Some(rest) = text.strip_prefix("--") {
            if rest == long {
                found = next.cloned();
            } else if rest.strip_prefix(long).is_some_and(|tail| tail.starts_with('=')) {
                found = Some(word.slice(long.len() + 3..text.len()));
            }
        } else if let (Some(letters), Some(short)) = (text.strip_prefix('-'), short)
            && let Some(at) = letters.find(short)
            && letters[..at].bytes().all(|byte| byte.is_ascii_alphabetic())
        {
            let after = at + 1 + short.len_utf8();
            found = if after == text.len() { next.cloned() } else { Some(word.slice(after..text.len())) };
        }
    }
    found
}

/// The words as a program reads them whose single letters in `takes` take a value: options alone, clusters taken
/// apart, values left out of view.
pub fn letters(words: &[Text], takes: &str) -> Vec<(char, Option<Text>)> {
    let mut found = Vec::new();
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        let text = word.as_str();
        if text == "--" {
            break;
        }
        let Some(cluster) = text.strip_prefix('-').filter(|rest| !rest.starts_with('-')) else { continue };
        for (at, letter) in cluster.char_indices() {
            if takes.contains(letter) {
                let after = 1 + at + letter.len_utf8();
                let value =
                    if after < text.len() { Some(word.slice(after..text.len())) } else { words.next().cloned() };
                found.push((letter, value));
                break;
            }
            found.push((letter, None));
        }
    }
    found
}

/// Whether a flag is among the words: `-R` alone or in a cluster, or `--recursive`.
pub fn has(words: &[Text], short: char, long: &str) -> bool {
    words.iter().take_while(|word| word.as_str() != "--").any(|word| {
        let text = word.as_str();
        match text.strip_prefix("--") {
            Some(rest) => rest == long,
            None => text.strip_prefix('-').is_some_and(|letters| letters.contains(short)),
        }
    })
}

/// Whether one of the words equals `text`.
pub fn says(words: &[Text], text: &str) -> bool {
    words.iter().any(|word| word.as_str() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<Text> {
        Text::of_script(line).fields()
    }

    fn plain(words: &[&Text]) -> Vec<String> {
        words.iter().map(|word| word.as_str().to_owned()).collect()
    }

    #[test]
    fn operands_leave_out_options_and_their_values() {
        let line = words("-R -o ec2-user -m755 --group g a -- -b");
        assert_eq!(plain(&operands(&line, &["-o", "-m", "--group"])), ["a", "-b"]);
        assert_eq!(plain(&operands(&words("-xzf x.tgz y"), &["-f"])), ["y"]);
        assert_eq!(plain(&operands(&words("-fx.tgz y"), &["-f"])), ["y"]);
    }

    #[test]
    fn values_are_found_in_every_spelling() {
        for line in ["-o v", "-ov", "--owner v", "--owner=v", "-Do v"] {
            assert_eq!(
                value(&words(line), Some('o'), "owner").map(|it| it.as_str().to_owned()).as_deref(),
                Some("v"),
                "{line}"
            );
        }
        assert!(value(&words("-- -o v"), Some('o'), "owner").is_none());
    }
}
