//! Puts a comment into a block: a `"//"` member.

use super::insert;
use crate::source::{SourceFile, Span, Splice};
use crate::syntax::json;
use crate::syntax::tree::Block;

/// The splices that add `text` to what a block says in its `"//"` member, which becomes an array where it is a string;
/// a new member where there is none. None where the block has no object to put it in.
#[must_use]
pub fn insert_comment(file: &SourceFile, block: &Block, text: &str) -> Vec<Splice> {
    let quoted = serde_json::Value::from(text).to_string();
    let object = Span::new(block.open, block.close + 1);
    let comments = json::parse(file).comments;
    let Some(last) = comments.iter().rfind(|comment| comment.object == object) else {
        return insert(file, block, "//", &quoted).into_iter().collect();
    };
    let before = file.slice(Span::new(object.start, last.span.start)).trim_end();
    if before.ends_with(':') {
        let (start, end) = (Span::empty(last.span.start), Span::empty(last.span.end));
        vec![Splice::new(start, "["), Splice::new(end, format!(", {quoted}]"))]
    } else {
        vec![Splice::new(Span::empty(last.span.end), format!(", {quoted}"))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::splice;

    /// The text of the only resource block with one more comment.
    fn commented(object: &str) -> String {
        let text = format!(r#"{{"resource": {{"t": {{"n": {object}}}}}}}"#);
        let file = SourceFile::new("a.tf.json", text);
        let body = json::parse(&file).syntax.body;
        let block = body.blocks().next().expect("the file has a block");
        let after = splice(file.text(), &insert_comment(&file, block, "a \"b\"")).expect("the splices fit");
        let parsed = json::parse(&SourceFile::new("a.tf.json", after.as_str()));
        assert_eq!(parsed.syntax.unreadable, [], "{after}");
        assert_eq!(parsed.comments.last().map(|comment| comment.text.as_str()), Some("a \"b\""), "{after}");
        after[r#"{"resource": {"t": {"n": "#.len()..after.len() - 3].to_owned()
    }

    #[test]
    fn a_comment_joins_those_that_are_there() {
        assert_eq!(commented(r#"{"x": 1}"#), r#"{"x": 1, "//": "a \"b\""}"#);
        assert_eq!(commented(r#"{"//": "one", "x": 1}"#), r#"{"//": ["one", "a \"b\""], "x": 1}"#);
        assert_eq!(commented(r#"{"//": ["one", "two"]}"#), r#"{"//": ["one", "two", "a \"b\""]}"#);
    }
}
