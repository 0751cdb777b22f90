//! Source text to one small [`tree`] with spans, and the [`layout`] of changes in it. The only place that knows
//! `hcl_edit` or a JSON parser.
//!
//! hcl-edit fails a whole file at its first error, also on code that Terraform accepts (an object with a key twice, deep
//! nesting, a heredoc line that starts with its own marker). Such a file, and a large one, is read by [`grammar`].
//! A file that is not HCL as a whole is cut into its top-level items, and each is read by itself, so that only what
//! really cannot be read stays unread.

pub mod calls;
mod comments;
pub mod compare;
mod grammar;
mod hcl;
mod isolate;
pub mod json;
pub mod layout;
mod remains;
mod scan;
pub mod tree;
mod weight;

use crate::source::{SourceFile, Span};
use grammar::HclError;
use tree::{Block, Body, TemplatePart};

pub use comments::{Place, comments};

/// Larger files are not given to hcl-edit, in bytes.
const LARGE: usize = 64 * 1024;
pub use remains::remains;

/// The readable part of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Syntax {
    /// Everything that parses.
    pub body: Body,
    /// The top-level items that do not, in source order; in the JSON syntax, the strings that are no templates.
    pub unreadable: Vec<Unreadable>,
    /// Whether a generator wrote the file, so that its source is what wants a fix. Told of the JSON syntax only.
    pub generated: bool,
}

/// A top-level item, or in the JSON syntax a string or the whole file, that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The bytes of the item.
    pub span: Span,
    /// The byte the parser stopped at, counted from the start of the file.
    pub at: usize,
    /// The error.
    pub message: String,
}

/// Parses a file, in the JSON syntax if its name says so.
///
/// Text nested as deeply as is read needs up to 8 MB of stack in an unoptimised build.
#[must_use]
pub fn parse(file: &SourceFile) -> Syntax {
    if file.kind().is_json() {
        return json::parse(file).syntax;
    }
    let whole = Span::new(file.content_start(), file.text().len());
    if let Some(refusal) = weight::refusal(file.text(), whole) {
        return Syntax { unreadable: vec![refusal], ..Syntax::default() };
    }
    let stray = stray_bytes(file, whole);
    // hcl-edit takes quadratic time for large objects.
    let is_large = whole.end - whole.start > LARGE;
    let by_grammar = || grammar::parse_body(file.text(), whole);
    let read =
        if is_large { by_grammar() } else { hcl::parse_body(file.slice(whole), whole.start).or_else(|_| by_grammar()) };
    let mut syntax = match read {
        Ok(body) if stray.is_empty() => Syntax { body, ..Syntax::default() },
        _ => parse_items(file, whole, &stray),
    };
    if let Some(span) = open_comment(file, whole) {
        // Nothing that is read stands behind it.
        let message = "a comment that never ends".to_owned();
        syntax.unreadable.retain(|part| part.at < span.start);
        syntax.unreadable.push(Unreadable { span, at: span.start, message });
    }
    syntax
}

/// A comment that the end of the file cuts off: Terraform refuses it.
fn open_comment(file: &SourceFile, whole: Span) -> Option<Span> {
    let text = file.slice(whole);
    // Most that looks like the start of one stands in a string, as in a policy.
    if text.rfind("/*").is_none_or(|last| text[last + 2..].contains("*/")) {
        return None;
    }
    let last = scan::tokens(file.text(), whole).last().filter(|token| token.kind == scan::TokenKind::BlockComment)?;
    let comment = file.slice(last.span);
    (comment.len() < 4 || !comment.ends_with("*/")).then_some(last.span)
}

/// Where bytes that are not UTF-8 stand outside comments. Terraform refuses them there.
fn stray_bytes(file: &SourceFile, whole: Span) -> Vec<usize> {
    let mut left = file.foreign_bytes().iter().map(|(at, _)| *at).peekable();
    if left.peek().is_none() {
        return Vec::new();
    }
    let mut stray = Vec::new();
    for token in scan::tokens(file.text(), whole) {
        let is_comment = matches!(token.kind, scan::TokenKind::LineComment | scan::TokenKind::BlockComment);
        while let Some(at) = left.next_if(|at| *at < token.span.end) {
            if !is_comment || at < token.span.start {
                stray.push(at);
            }
        }
    }
    stray.extend(left);
    stray
}

/// Parses a file of variable values, where no block may stand. In the JSON syntax its strings are literal.
#[must_use]
pub fn parse_values(file: &SourceFile) -> Syntax {
    if file.kind().is_json() {
        return json::parse_values(file).syntax;
    }
    let mut syntax = parse(file);
    let refused = |block: &Block| Unreadable {
        span: block.span,
        at: block.span.start,
        message: "a block, which no file of values may hold".to_owned(),
    };
    syntax.unreadable.extend(syntax.body.blocks().map(refused));
    syntax.unreadable.sort_by_key(|part| part.at);
    syntax
}

/// Parses the text of a template, such as that of a file. `place` turns an offset in it into one in a file.
///
/// # Errors
/// The syntax error, in words.
pub fn parse_template(text: &str, place: &dyn Fn(usize) -> usize) -> Result<Vec<TemplatePart>, String> {
    grammar::parse_template(text, place).map_err(|error| error.message)
}

/// Parses each top-level item by itself, but for those that hold a stray byte.
fn parse_items(file: &SourceFile, whole: Span, stray: &[usize]) -> Syntax {
    let mut syntax = Syntax::default();
    for span in isolate::isolate(file.text(), whole) {
        let first = stray.partition_point(|at| *at < span.start);
        let read = match stray.get(first).filter(|at| **at < span.end) {
            Some(&at) => Err(HclError { at, message: "not valid UTF-8 outside a comment".to_owned() }),
            None => grammar::parse_body(file.text(), span),
        };
        match read {
            Ok(body) => syntax.body.items.extend(body.items),
            Err(HclError { at, message }) => syntax.unreadable.push(Unreadable { span, at, message }),
        }
    }
    syntax
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each item of a file that parses whole gives the same tree, to the byte, when it is parsed by itself.
    fn agrees(text: &str) {
        let file = SourceFile::new("a.tf", text);
        let whole = parse(&file);
        assert_eq!(whole.unreadable, [], "{text}");
        let itemwise = parse_items(&file, Span::new(file.content_start(), text.len()), &[]);
        assert_eq!(whole, itemwise, "{text}");
    }

    #[test]
    fn items_parsed_alone_equal_the_whole_file() {
        agrees("");
        agrees("\u{feff}a = 1\r\nb = 2");
        agrees("resource \"a\" \"b\" { # c\n  x = \"${f(\"}\")}\" // d\n  y {}\n}\n\nlocals { a = 1 }\n");
        agrees("a = <<E\n x = {\nE\nb = [\n  1, # [\n]\nresource x y {\n  c = cond ? { a = 1 } : {}\n}");
    }

    #[test]
    fn a_notebook_is_read_beside_an_item_that_is_not() {
        let file = SourceFile::new(
            "a.tf",
            "locals {\n  tags = { a = 1 a = 2 }\n}\n\nresource \"aws_sagemaker_notebook_instance\" \"n\" {\n}\n",
        );
        let syntax = parse(&file);
        assert_eq!(syntax.body.blocks().count(), 1);
        let block = syntax.body.blocks().next().expect("just counted");
        assert_eq!(file.slice(block.span), "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n}");
        assert_eq!(&file.text()[block.open..=block.open], "{");
        assert_eq!(syntax.unreadable.len(), 1);
        assert_eq!(file.position(syntax.unreadable[0].at).line, 2);
    }

    #[test]
    fn a_misread_heredoc_hides_nothing() {
        // A reader that ends the heredoc at `EOF # x` turns text into code; Terraform does not.
        let file = SourceFile::new("a.tf", "a = <<EOF\nx\nEOF # x\nresource \"x\" \"y\" {}\nc = <<EOF\nEOF\nb = 1\n");
        let syntax = parse(&file);
        assert_eq!(syntax.body.blocks().count(), 0);
        assert_eq!(
            syntax.body.attributes().map(|attribute| attribute.key.text.as_str()).collect::<Vec<_>>(),
            ["a", "b"]
        );
        assert_eq!(syntax.unreadable, []);
    }

    #[test]
    fn bytes_that_are_no_utf8_may_stand_in_comments_alone() {
        let bytes = b"# caf\xe9\na = 1 /* \xe9 */\nb = \"\xe9\"\nc = <<E\n\xe9\nE\nd = 2 // \xff\n".to_vec();
        let syntax = parse(&SourceFile::from_bytes("a.tf", bytes).expect("it is code"));
        let keys: Vec<_> = syntax.body.attributes().map(|attribute| attribute.key.text.as_str()).collect();
        assert_eq!(keys, ["a", "d"]);
        assert_eq!(syntax.unreadable.len(), 2);
    }

    #[test]
    fn a_comment_that_never_ends_is_an_error() {
        for (text, at) in [
            ("a = 1\n/* b = 2\n", Some(6)),
            ("/*/ a = 1\n", Some(0)),
            ("/* a */ b = 1 /* c", Some(14)),
            ("a = \"arn:b/*\"\n", None),
            ("a = 1 # b/*\n", None),
            ("a = <<E\n/*\nE\n", None),
            ("a = 1 /**/\n", None),
        ] {
            let syntax = parse(&SourceFile::new("a.tf", text));
            assert_eq!(syntax.unreadable.first().map(|part| part.at), at, "{text}");
        }
    }

    #[test]
    fn a_string_over_several_lines_is_an_error() {
        // Terraform refuses it; read as one string, it would hide the block.
        let text = "a = \"x\nresource \"y\" \"z\" {\n}\nb = \"\"\n";
        let syntax = parse(&SourceFile::new("a.tf", text));
        assert_eq!(syntax.body.blocks().count(), 1);
        assert_eq!(syntax.unreadable.len(), 1);
    }
}
