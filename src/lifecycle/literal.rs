//! Heredocs and quoted strings as they stand in the source, to [`Mapped`].
//!
//! The tree holds decoded values; the way back needs the raw bytes. Source for both forms: HCL native syntax
//! specification, "Template Expressions", and `flushHeredocTemplateParts` in hashicorp/hcl,
//! `hclsyntax/parser_template.go` (what `<<-` takes away).

use crate::script::end_of_template;
use crate::source::{FileId, Location, Mapped, SourceFile, Span};

/// The text of a string or heredoc with this span; `None` for anything else.
pub(super) fn text(id: FileId, file: &SourceFile, span: Span) -> Option<Mapped> {
    let raw = file.slice(span);
    if raw.starts_with("<<") {
        return heredoc(id, raw, span.start);
    }
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    let is = |end: &str| file.path().file_name().is_some_and(|name| name.ends_with(end));
    // Values in JSON are no templates; other strings in JSON have escapes inside of `${…}` too.
    let in_json = is(".json");
    Some(quoted(id, inner, span.start + 1, in_json, !is(".tfvars.json")))
}

/// The text between the introduction and the end marker, less the indent that `<<-` takes away.
fn heredoc(id: FileId, raw: &str, start: usize) -> Option<Mapped> {
    let first = raw.find('\n')? + 1;
    let last = raw.rfind('\n')? + 1;
    let content = raw.get(first..last.max(first))?;
    let lines = line_starts(content);
    let indent = if raw.starts_with("<<-") { common_indent(content, &lines) } else { 0 };
    let mut text = Mapped::new(true);
    for (index, &at) in lines.iter().enumerate() {
        let end = lines.get(index + 1).copied().unwrap_or(content.len());
        let line = &content[at..end];
        let cut = if line.trim().is_empty() { 0 } else { indented(line, indent) };
        text.push_same(id, start + first + at + cut, &line[cut..]);
    }
    Some(text)
}

/// Where the lines of a template start, those inside of `${…}` left out.
fn line_starts(content: &str) -> Vec<usize> {
    let bytes = content.as_bytes();
    let mut starts = vec![0];
    let mut at = 0;
    while at < bytes.len() {
        at = if let Some(end) = template_end(bytes, at) {
            end
        } else {
            if bytes[at] == b'\n' && at + 1 < bytes.len() {
                starts.push(at + 1);
            }
            at + 1
        };
    }
    starts
}

/// The end of the template sequence or escape that starts here.
fn template_end(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    if rest.starts_with(b"$${") || rest.starts_with(b"%%{") {
        return Some(at + 3);
    }
    let opens = rest.starts_with(b"${") || rest.starts_with(b"%{");
    opens.then(|| end_of_template(bytes, at + 2)).flatten()
}

/// White space that all lines start with, in characters. Blank lines do not count.
fn common_indent(content: &str, lines: &[usize]) -> usize {
    let ends = lines.iter().skip(1).copied().chain([content.len()]);
    let whole = lines.iter().zip(ends).map(|(&start, end)| &content[start..end]);
    let indents = whole
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.chars().take_while(|letter| letter.is_whitespace()).count());
    indents.min().unwrap_or(0)
}

/// The bytes of the first characters of a line.
fn indented(line: &str, characters: usize) -> usize {
    line.chars().take(characters).map(char::len_utf8).sum()
}

/// The text of a quoted string, given without its quotes.
fn quoted(id: FileId, inner: &str, start: usize, in_json: bool, template: bool) -> Mapped {
    let bytes = inner.as_bytes();
    let mut text = Mapped::new(template);
    let mut at = 0;
    while at < bytes.len() {
        if let Some(end) = template_end(bytes, at).filter(|_| template && !in_json) {
            text.push_same(id, start + at, &inner[at..end]);
            at = end;
        } else if bytes[at] == b'\\'
            && let Some((letter, length)) = escape(&inner[at..])
        {
            let location = Location { file: id, span: Span::new(start + at, start + at + length) };
            text.push_whole(location, letter.encode_utf8(&mut [0; 4]));
            at += length;
        } else {
            let length = inner[at..].chars().next().map_or(1, char::len_utf8);
            text.push_same(id, start + at, &inner[at..at + length]);
            at += length;
        }
    }
    text
}

/// A template with the expressions replaced that stand at the places given.
pub(super) fn filled(template: &Mapped, known: &[(Location, Mapped)]) -> Mapped {
    let bytes = template.as_str().as_bytes();
    let mut result = Mapped::new(true);
    let (mut at, mut done) = (0, 0);
    while at < bytes.len() {
        let Some(end) = template_end(bytes, at) else {
            at += 1;
            continue;
        };
        let place = template.location(&(at..end)).filter(|_| bytes[at..].starts_with(b"${") && bytes[at + 2] != b'~');
        let covers = |inner: &Location, outer: &Location| {
            inner.file == outer.file && inner.span.start >= outer.span.start && inner.span.end <= outer.span.end
        };
        let value = place.and_then(|place| known.iter().find(|(inner, _)| covers(inner, &place)));
        if let Some((_, value)) = value.filter(|_| bytes[end - 2] != b'~') {
            result.push(&template.part(done..at));
            result.push(value);
            done = end;
        }
        at = end;
    }
    result.push(&template.part(done..bytes.len()));
    result
}

/// The character that an escape stands for, and its length in bytes.
fn escape(text: &str) -> Option<(char, usize)> {
    let hex = |from: usize, digits: usize| {
        let code = text.get(from..from + digits)?;
        u32::from_str_radix(code, 16).ok()
    };
    Some(match text.as_bytes().get(1)? {
        b'n' => ('\n', 2),
        b'r' => ('\r', 2),
        b't' => ('\t', 2),
        b'b' => ('\u{8}', 2),
        b'f' => ('\u{c}', 2),
        byte @ (b'"' | b'\\' | b'/') => (char::from(*byte), 2),
        b'U' => (char::from_u32(hex(2, 8)?)?, 10),
        b'u' => {
            let code = hex(2, 4)?;
            if let Some(letter) = char::from_u32(code) {
                (letter, 6)
            } else {
                // A pair of surrogates, as JSON writes characters beyond the first 65,536.
                let low = hex(8, 4).filter(|low| text.get(6..8) == Some("\\u") && (0xdc00..0xe000).contains(low))?;
                (char::from_u32(0x1_0000 + ((code.checked_sub(0xd800)?) << 10) + (low - 0xdc00))?, 12)
            }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    /// The text of the expression behind the first `=`, and the line and column of some words of it.
    fn read(path: &str, source: &str, words: &str) -> (String, (usize, usize)) {
        let sources = Sources::default();
        let id = sources.add(SourceFile::new(path, source));
        let file = &sources[id];
        let separator = if source.starts_with('{') { ": " } else { "= " };
        let start = source.find(separator).expect("an expression") + 2;
        let end = if source[start..].starts_with("<<") {
            start + source[start..].trim_end().len()
        } else {
            source.rfind('"').expect("a string") + 1
        };
        let text = text(id, file, Span::new(start, end)).expect("a string or heredoc");
        let at = text.as_str().find(words).expect("the words are there");
        let place = text.location(&(at..at + words.len())).expect("they come from somewhere");
        assert!(file.text().get(place.span.range()).is_some());
        let position = file.position(place.span.start);
        (text.as_str().to_owned(), (position.line, position.column))
    }

    #[test]
    fn a_heredoc_stands_as_it_is() {
        let (text, place) = read("a.tf", "a = <<EOF\n  #!/bin/sh\n    sudo ls\nEOF\n", "sudo");
        assert_eq!((text.as_str(), place), ("  #!/bin/sh\n    sudo ls\n", (3, 5)));
    }

    #[test]
    fn an_indented_heredoc_loses_what_all_lines_share() {
        let source = "a = <<-EOF\n    #!/bin/sh\n\n      sudo ls ${f(\"\n}\")}\n  \n    é sudo\n  EOF\n";
        let (text, place) = read("a.tf", source, "sudo ls");
        assert_eq!((text.as_str(), place), ("#!/bin/sh\n\n  sudo ls ${f(\"\n}\")}\n  \né sudo\n", (4, 7)));
        assert_eq!(read("a.tf", source, "sudo\n").1, (7, 7));
        let (text, place) = read("a.tf", "\u{feff}a = <<-EOF\r\n\tls\r\n\t\tsudo\r\n\tEOF\r\n", "sudo");
        assert_eq!((text.as_str(), place), ("ls\r\n\tsudo\r\n", (3, 3)));
        assert_eq!(read("a.tf", "a = <<-EOF\n  x\n${y}\nEOF\n", "x").0, "  x\n${y}\n");
    }

    #[test]
    fn escapes_of_a_string_are_resolved() {
        let source = r##"a = "#!/bin/sh\n\tsudo \"\u00e9\" \\ $${X} ${f("\n")}""##;
        let (text, place) = read("a.tf", source, "sudo");
        assert_eq!((text.as_str(), place), ("#!/bin/sh\n\tsudo \"é\" \\ $${X} ${f(\"\\n\")}", (1, 19)));
        let (text, place) = read("a.tf.json", r#"{"a": "x\n\ud83d\ude00 \/ sudo ${f(\"y\")}""#, "sudo");
        assert_eq!((text.as_str(), place), ("x\n😀 / sudo ${f(\"y\")}", (1, 27)));
    }

    #[test]
    fn replacing_keeps_the_places() {
        let sources = Sources::default();
        let id = sources.add(SourceFile::new("s.sh", "a\r\nsudo b\r\n"));
        let text = Mapped::of_file(id, &sources[id], false).replaced("\r\n", "\n");
        assert_eq!(text.as_str(), "a\nsudo b\n");
        assert_eq!(text.location(&(2..6)).map(|place| place.span), Some(Span::new(3, 7)));
        let mut joined = Mapped::of_file(id, &SourceFile::new("s.sh", "echo ${X}\n"), false);
        joined.push(&Mapped::of_file(id, &SourceFile::new("t.sh", "${x}"), true));
        assert_eq!((joined.as_str(), joined.template), ("echo $${X}\n${x}", true));
    }
}
