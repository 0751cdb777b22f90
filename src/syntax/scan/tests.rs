use super::*;

fn kinds(text: &str) -> Vec<(TokenKind, &str)> {
    scan(text, Span::new(0, text.len()))
        .into_iter()
        .map(|token| (token.kind, &text[token.span.range()]))
        .filter(|(kind, _)| !matches!(kind, TokenKind::Word | TokenKind::Other))
        .collect()
}

#[test]
fn strings_hold_templates_that_hold_strings() {
    let text = r#"a = "x ${lookup({ k = "}" }, "k")} $${ y" # "c""#;
    assert_eq!(
        kinds(text),
        [
            (TokenKind::Equal, "="),
            (TokenKind::Quoted, r#""x ${lookup({ k = "}" }, "k")} $${ y""#),
            (TokenKind::LineComment, r#"# "c""#)
        ]
    );
}

#[test]
fn a_heredoc_ends_only_at_its_marker_alone_on_a_line() {
    let text = "a = <<-EOT\n EOT # x\n EOTX\n ${f(\"EOT\")\nEOT\n}\n  EOT \r\n}";
    let heredoc = kinds(text)[1];
    assert_eq!(heredoc, (TokenKind::Heredoc, "<<-EOT\n EOT # x\n EOTX\n ${f(\"EOT\")\nEOT\n}\n  EOT"));
    assert_eq!(kinds("a = <<E\nE\nb")[1], (TokenKind::Heredoc, "<<E\nE"));
}

#[test]
fn only_a_lone_equals_sign_is_one() {
    let text = "a = b == c >= d => e != f <= g";
    assert_eq!(kinds(text).len(), 1);
}

#[test]
fn carriage_returns_belong_to_the_line_end() {
    let text = "a # c\r\nb\r\n";
    assert_eq!(
        kinds(text),
        [(TokenKind::LineComment, "# c"), (TokenKind::Newline, "\r\n"), (TokenKind::Newline, "\r\n")]
    );
}

#[test]
fn what_never_ends_stops_at_the_end() {
    for text in ["\"abc\\", "/* x", "<<E\nabc", "\"${", "# c", "/*", "<<E\r\n", "\"\\\n"] {
        let last = *scan(text, Span::new(0, text.len())).last().expect("every text has a token");
        assert!(last.span.end <= text.len(), "{text:?}");
    }
}
