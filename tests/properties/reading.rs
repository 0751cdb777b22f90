//! What is read of a file, whatever is in it.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use unroot::source::SourceFile;
use unroot::syntax::parse;

use crate::generate::code;
use crate::holds;

/// Something that no parser accepts: after it, a file is read item by item.
const UNREADABLE: &str = "\nunreadable = = 1\n";

#[test]
fn items_read_one_by_one_are_those_of_the_whole_file() {
    holds(200, code(), |code| {
        let text = code.on_disk();
        let whole = parse(&SourceFile::new("main.tf", text.as_str()));
        prop_assert_eq!(&whole.unreadable, &[]);
        let one_by_one = parse(&SourceFile::new("main.tf", text + UNREADABLE));
        prop_assert_eq!(one_by_one.unreadable.len(), 1);
        prop_assert_eq!(one_by_one.body, whole.body);
        Ok(())
    });
}

#[test]
fn a_file_cut_anywhere_is_read_without_a_panic() {
    holds(200, (code(), any::<prop::sample::Index>()), |(code, cut)| {
        let text = code.on_disk();
        let mut at = cut.index(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        everything_lies_in_the_file(&text[..at])?;
        everything_lies_in_the_file(&text[at..])
    });
}

#[test]
fn any_text_is_read_without_a_panic() {
    holds(200, any::<String>(), |text| everything_lies_in_the_file(&text));
}

#[test]
fn any_row_of_tokens_is_read_without_a_panic() {
    const TOKENS: &[&str] = &[
        "resource",
        " \"aws_sagemaker_notebook_instance\"",
        " \"n\"",
        " {",
        "}",
        "\n",
        "\r\n",
        "\r",
        "root_access",
        " = ",
        "\"",
        "${",
        "%{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "<<EOT\n",
        "<<-E\n",
        "EOT\n",
        "EOT",
        "E\n",
        "# c",
        "//",
        "/*",
        "*/",
        "\\",
        "$${",
        " ? ",
        " : ",
        "for",
        " in ",
        "if",
        "...",
        "=>",
        ",",
        ".",
        "1",
        "é",
        "\u{feff}",
        "\t",
        "lifecycle {",
        "ignore_changes = [",
        "null",
    ];
    let tokens = prop::collection::vec(prop::sample::select(TOKENS), 0..60);
    holds(500, tokens, |tokens| everything_lies_in_the_file(&tokens.concat()));
}

/// Parses and looks at every item: spans lie in the file, on character boundaries, in order.
fn everything_lies_in_the_file(text: &str) -> Result<(), TestCaseError> {
    let file = SourceFile::new("main.tf", text);
    let syntax = parse(&file);
    let mut end = 0;
    for item in &syntax.body.items {
        prop_assert!(item.span().start >= end, "items overlap");
        end = item.span().end;
        prop_assert!(text.get(item.span().range()).is_some());
    }
    for part in &syntax.unreadable {
        prop_assert!(text.get(part.span.range()).is_some() && part.at <= text.len());
        prop_assert!(file.position(part.at).line <= file.line_count());
    }
    Ok(())
}
