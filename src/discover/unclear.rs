//! Signs in the bytes of a Terraform file that it may call something which its paths do not tell.

use std::collections::BTreeSet;

use memchr::memmem;

/// The `source` arguments in a file.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// The lines of those that are not plain text between quotes, from the value on: an expression, a template, escapes, or what
    /// somebody has broken.
    pub(super) unclear: Vec<String>,
    /// The texts of those that name a place by a relative path, which may not be there.
    pub(super) local: Vec<String>,
}

impl Sources {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut sources = Self::default();
        // Longer names end like it: `Resource`, `aws:source`.
        let is_longer = |at: usize| {
            let before = at.checked_sub(1).map(|before| bytes[before]);
            before.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_-:.".contains(&byte))
        };
        for at in memmem::find_iter(bytes, b"source").filter(|at| !is_longer(*at)) {
            let rest = bytes[at + b"source".len()..].trim_ascii_start();
            // In JSON the name is quoted, by some with the wrong quotes.
            let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest).trim_ascii_start();
            let Some(value) = rest.strip_prefix(b"=").or_else(|| rest.strip_prefix(b":")) else {
                // Behind a comment may stand anything.
                sources.unclear.extend(rest.starts_with(b"/*").then(String::new));
                continue;
            };
            let value = value.trim_ascii_start();
            let line = &value[..memchr::memchr(b'\n', value).unwrap_or(value.len())];
            // What is no text may lead anywhere, as no line at all.
            let unclear = || str::from_utf8(line).unwrap_or_default().trim_end().to_owned();
            let Some(text) = line.strip_prefix(b"\"") else {
                // An object or a list is no address: requirements of providers and patterns of events have such.
                let may_be_one = !line.starts_with(b"{") && !line.starts_with(b"[");
                sources.unclear.extend(may_be_one.then(unclear));
                continue;
            };
            let text = memchr::memchr(b'"', text).and_then(|end| str::from_utf8(&text[..end]).ok());
            match text {
                Some(text) if !text.contains("${") && !text.contains('\\') => {
                    sources.local.extend(text.starts_with('.').then(|| text.to_owned()));
                }
                _ => sources.unclear.push(unclear()),
            }
        }
        sources
    }
}

/// Whether the line of a source may lead to a folder of a name. Only text behind the last slash of a template says that it does
/// not: a link may have another name than its folder.
#[must_use]
pub fn may_lead_to(line: &str, name: &str, links: &BTreeSet<String>) -> bool {
    if is_of_a_plan(line) {
        return false;
    }
    let quoted = line.strip_prefix('"').and_then(|rest| rest.split_once('"')).filter(|(_, rest)| is_behind(rest));
    let Some((text, _)) = quoted else { return true };
    let last = text.split('?').next().unwrap_or(text).trim_end_matches('/').rsplit('/').next().unwrap_or(text);
    let is_plain = !last.is_empty() && !last.contains(['$', '%', '{', '}', '\\']) && last != ".." && last != ".";
    !is_plain || last == name || links.contains(last)
}

/// Whether a source is that of something else than a call: a reference to a resource or a data source, which only a plan knows.
fn is_of_a_plan(line: &str) -> bool {
    const KNOWN: [&str; 8] = ["count", "each", "local", "module", "path", "terraform", "tofu", "var"];
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    let (reference, rest) = line.split_at(line.find(|letter| !is_part(letter)).unwrap_or(line.len()));
    let root = reference.split_once('.').map(|(root, _)| root);
    root.is_some_and(|root| !root.is_empty() && !KNOWN.contains(&root)) && is_behind(rest)
}

/// Whether nothing but a comment, or the end of a call, stands behind a value.
fn is_behind(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.is_empty() || rest.starts_with(['#', '}', ',']) || rest.starts_with("//") || rest.starts_with("/*")
}

/// Whether a file with module calls may end before it has said what they call: a brace or a quote is left open, or there are
/// more calls than sources. Files that are whole can look so too, and are read in vain.
pub(super) fn may_be_broken(bytes: &[u8]) -> bool {
    let calls = memmem::find_iter(bytes, b"module").filter(|at| {
        let starts_line =
            bytes[..*at].iter().rev().find(|byte| !b" \t".contains(byte)).is_none_or(|byte| *byte == b'\n');
        starts_line && bytes[at + b"module".len()..].trim_ascii_start().starts_with(b"\"")
    });
    Balance::of(bytes) != Balance::default() || calls.count() > memmem::find_iter(bytes, b"source").count()
}

/// What a file leaves open.
#[derive(Debug, PartialEq, Eq, Default)]
struct Balance {
    /// Braces that are opened, and those that are closed.
    opened: usize,
    closed: usize,
    in_quotes: bool,
}

impl Balance {
    /// What a file leaves open, if its lines of comments do not count: people write there what they like.
    fn of(bytes: &[u8]) -> Self {
        let whole = Self::of_text(bytes);
        if whole == Self::default() {
            return whole;
        }
        let is_code = |line: &&[u8]| !matches!(line.trim_ascii_start(), [b'#', ..] | [b'/', b'/', ..]);
        Self::of_text(&bytes.split(|byte| *byte == b'\n').filter(is_code).collect::<Vec<_>>().concat())
    }

    fn of_text(bytes: &[u8]) -> Self {
        let count = |byte| memchr::memchr_iter(byte, bytes).count();
        let (opened, closed) = (count(b'{'), count(b'}'));
        let pairs = opened.min(closed);
        Self { opened: opened - pairs, closed: closed - pairs, in_quotes: count(b'"') % 2 == 1 }
    }
}

/// Whether the rest of a file may be missing: a brace or a quote is left open, or it ends with no block. Files that are whole
/// can look so too, and are read in vain.
pub(super) fn may_be_cut_off(bytes: &[u8]) -> bool {
    let last = bytes.trim_ascii_end();
    let line = &last[memchr::memrchr(b'\n', last).map_or(0, |at| at + 1)..];
    let is_comment = line.contains(&b'#') || memmem::find(line, b"//").is_some() || line.ends_with(b"*/");
    let ends_a_block = last.is_empty() || last.ends_with(b"}") || is_comment;
    let Balance { opened, in_quotes, .. } = Balance::of(bytes);
    opened > 0 || in_quotes || !ends_a_block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_counts_by_its_whole_name_and_by_what_an_address_can_be() {
        for (text, is_unclear) in [
            ("source = \"./m\"", false),
            ("source = var.m", true),
            ("source = \"./${var.m}\"", true),
            ("\"source\": \"..\\\\m\"", true),
            ("{source = local.m}", true),
            ("{'source': './m'}", true),
            ("source /* of m */ = \"../${var.m}\"", true),
            ("Resource = aws_s3_bucket.a.arn", false),
            ("\"aws:source\" = var.account", false),
            ("data_source = local.m", false),
            ("source = [\"aws.s3\"]", false),
            ("source = { a = 1 }", false),
        ] {
            assert_eq!(!Sources::of(text.as_bytes()).unclear.is_empty(), is_unclear, "{text}");
        }
    }

    #[test]
    fn a_template_leads_to_a_folder_by_what_its_last_part_may_be() {
        let links = BTreeSet::from(["link".to_owned()]);
        for (line, may) in [
            (r#""${var.base}/m""#, true),
            (r#""${var.base}/m/" # here"#, true),
            (r#""${var.base}//m?ref=1""#, true),
            (r#""${var.base}/other""#, false),
            (r#""${path.module}/page.html" // a file"#, false),
            (r#""${var.base}/link""#, true),
            (r#""${var.base}/m/..""#, true),
            (r#""./${var.name}""#, true),
            (r#""./a-${var.name}""#, true),
            (r#""..\\other""#, true),
            (r#""${var.a}/other" : "./m""#, true),
            (r#""${join("/", ["a", "other"])}""#, true),
            ("var.source", true),
            ("data.archive_file.a.output_path", false),
            ("aws_s3_object.a.source # of a bucket", false),
            ("data.a.b[0].c", true),
            ("join(\"/\", [var.a])", true),
            ("local.other", true),
        ] {
            assert_eq!(may_lead_to(line, "m", &links), may, "{line}");
        }
    }

    #[test]
    fn what_comments_leave_open_does_not_count() {
        for (text, is_broken) in [
            ("module \"m\" {\n  source = \"./m\"\n}\n", false),
            ("module \"m\" {\n  source = \"./m\"\n", true),
            ("module \"m\" {\n  source = \"./m\n}\n", true),
            ("module \"m\" {\n}\n", true),
            ("# module \"m\" {\nmodule \"m\" {\n  // as in \"m\n  source = \"./m\"\n}\n", false),
            ("# {\nmodule \"m\" {\n  source = \"./m\"\n", true),
        ] {
            assert_eq!(may_be_broken(text.as_bytes()), is_broken, "{text}");
        }
    }
}
