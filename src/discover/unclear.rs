//! Signs in the bytes of a Terraform file that it may call something which its paths do not tell.

use memchr::memmem;

/// The `source` arguments in a file.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// Whether one is not plain text between quotes: an expression, a template, escapes, or what somebody has broken.
    pub(super) has_unclear: bool,
    /// The texts of those that name a place by a relative path, which may not be there.
    pub(super) local: Vec<String>,
}

impl Sources {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut sources = Self::default();
        for at in memmem::find_iter(bytes, b"source") {
            let rest = bytes[at + b"source".len()..].trim_ascii_start();
            // In JSON the name is quoted.
            let rest = rest.strip_prefix(b"\"").unwrap_or(rest).trim_ascii_start();
            let Some(value) = rest.strip_prefix(b"=").or_else(|| rest.strip_prefix(b":")) else { continue };
            let value = value.trim_ascii_start();
            let line = &value[..memchr::memchr(b'\n', value).unwrap_or(value.len())];
            let Some(text) = line.strip_prefix(b"\"") else {
                sources.has_unclear |= !line.starts_with(b"{");
                continue;
            };
            let text = memchr::memchr(b'"', text).and_then(|end| str::from_utf8(&text[..end]).ok());
            match text {
                Some(text) if !text.contains("${") && !text.contains('\\') => {
                    sources.local.extend(text.starts_with('.').then(|| text.to_owned()));
                }
                _ => sources.has_unclear = true,
            }
        }
        sources
    }
}

/// Whether a file with module calls may end before it has said what they call: a brace or a quote is left open, or there are
/// more calls than sources. Files that are whole can look so too, and are read in vain.
pub(super) fn may_be_broken(bytes: &[u8]) -> bool {
    let count = |byte| memchr::memchr_iter(byte, bytes).count();
    let calls = memmem::find_iter(bytes, b"module").filter(|at| {
        let starts_line =
            bytes[..*at].iter().rev().find(|byte| !b" \t".contains(byte)).is_none_or(|byte| *byte == b'\n');
        starts_line && bytes[at + b"module".len()..].trim_ascii_start().starts_with(b"\"")
    });
    count(b'{') != count(b'}') || count(b'"') % 2 == 1 || calls.count() > memmem::find_iter(bytes, b"source").count()
}

/// Whether the rest of a file may be missing: a brace or a quote is left open, or it ends with no block. Files that are whole
/// can look so too, and are read in vain.
pub(super) fn may_be_cut_off(bytes: &[u8]) -> bool {
    let count = |byte| memchr::memchr_iter(byte, bytes).count();
    let last = bytes.trim_ascii_end();
    let line = &last[memchr::memrchr(b'\n', last).map_or(0, |at| at + 1)..];
    let is_comment = line.contains(&b'#') || memmem::find(line, b"//").is_some() || line.ends_with(b"*/");
    let ends_a_block = last.is_empty() || last.ends_with(b"}") || is_comment;
    count(b'{') > count(b'}') || count(b'"') % 2 == 1 || !ends_a_block
}
