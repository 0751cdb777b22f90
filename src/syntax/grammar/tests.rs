//! The reader held against hcl-edit, where that reads a text as Terraform does, and against what Terraform 1.11.4 made
//! of texts that hcl-edit refuses.

use super::*;
use crate::syntax::hcl;
use crate::syntax::tree::ExprKind;

/// Every Terraform file of the tests and examples that hcl-edit reads gives the same tree, to the byte.
#[test]
fn agrees_with_hcl_edit() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["tests", "examples"].map(|folder| walkdir::WalkDir::new(root.join(folder)));
    let mut count = 0;
    let keys = "module \"m\" {\n  providers = { aws = aws, aws.b = aws.c }\n}\n";
    for text in ["a = -1\n", "a = - 1\n", "a = 2 - -1\n", "a = 2 -1\n", "a = -x.y[-1]\n", keys] {
        let whole = Span::new(0, text.len());
        assert_eq!(parse_body(text, whole), hcl::parse_body(text, 0), "{text}");
    }
    for entry in files.into_iter().flatten() {
        let path = entry.expect("the folder is readable").into_path();
        let is_native =
            path.extension().is_some_and(|extension| ["tf", "hcl", "tfvars"].iter().any(|it| extension == *it));
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
        let Ok(theirs) = hcl::parse_body(&text[start..], start) else { continue };
        if is_native {
            let ours = parse_body(&text, Span::new(start, text.len()));
            assert_eq!(ours.as_ref(), Ok(&theirs), "{}", path.display());
            count += 1;
        }
    }
    assert!(count > 300, "{count} files");
}

fn value(text: &str) -> Result<Expr, HclError> {
    let text = format!("a = {text}\n");
    let body = parse_body(&text, Span::new(0, text.len()))?;
    Ok(body.attribute("a").expect("the only one").value.clone())
}

#[test]
fn what_hcl_edit_refuses_is_read() {
    for text in [
        "{ a = 1, a = 2 }",
        "{ a = 1, \"a\" = 2, (var.k) = 3, (var.k) = 4, \"${var.k}\" = 5, 1 = 6, 1 = 7 }",
        &format!("{}1{}", "(".repeat(200), ")".repeat(200)),
        &format!("{}1{}", "true ? ".repeat(200), " : 2".repeat(200)),
        &format!("{}1", "1 + ".repeat(200)),
        "1 # a\rb",
        "1e400 > 1e399",
        "[for x in [1, 2] : x == 1\n ? \"a\"\n : \"b\"]",
        "{ for x in [1] : x => x == 1\n ? \"a\"\n : \"b\"\n }",
        "<<EOF\nEOF x\nb\nEOF # c\nEOF",
        "<<E\n${<<F\nin\nF\n}\nE",
    ] {
        let read = value(text);
        assert!(read.as_ref().is_ok_and(|expr| !matches!(expr.kind, ExprKind::Unread(_))), "{text}: {read:?}");
    }
}

#[test]
fn what_terraform_refuses_is_refused() {
    for text in [
        "1 +\n 2",
        "true ?\n 1 : 2",
        "{\n a\n = 1\n}",
        "{ a = 1 b = 2 }",
        "'a'",
        ".5",
        "1.",
        "{,}",
        "[,]",
        "{ a = 1,, b = 2 }",
        "[1, 2,][1,]",
        "[for x in [1] : x...]",
        "[for x in [1] : x => x]",
        "{ for = 1 }",
        "max([1]... ,)",
        "[[1]].0.0",
        "\"\\q\"",
        "\"a\rb\"",
        "\"a\nb\"",
        "\"${}\"",
        "\"%{ foo }\"",
        "\"%{ if true }\"",
        "\"%{ endif }\"",
        "\"%{ if true }%{ else }%{ else }%{ endif }\"",
        "<<E\na\rb\nE",
        "0x10",
        "\"\\${1}\"",
        "\r1",
        "{ a => 1 }",
        "a:b",
        "1\na = 2",
    ] {
        assert!(value(text).is_err(), "{text}: {:?}", value(text));
    }
}

/// As much stack as [`crate::syntax::parse`] says that it needs.
#[test]
fn what_is_too_deep_is_unread_and_nothing_around_it() {
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(too_deep).expect("a thread starts");
    thread.join().expect("the stack is large enough");
}

fn too_deep() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let chain = format!("{}1", "1 + ".repeat(100_000));
    for value in [deep, chain, "!".repeat(100_000) + "true", "\"${".repeat(50_000) + "1" + &"}\"".repeat(50_000)] {
        let text = format!("a = {value} # c\nb {{ a = {value} }}\nc = 1\n");
        let body = parse_body(&text, Span::new(0, text.len())).expect("it is HCL");
        let unread = [body.attribute("a"), body.blocks().next().and_then(|block| block.body.attribute("a"))];
        for attribute in unread {
            let found = &attribute.expect("it is there").value;
            assert_eq!(&text[found.span.range()], value);
            assert!(matches!(found.kind, ExprKind::Unread(_)));
        }
        assert!(body.attribute("c").is_some());
    }
}

/// The text that Terraform makes of a template of constants.
fn text_of(parts: &[TemplatePart]) -> String {
    let text = |expr: &Expr| match &expr.kind {
        ExprKind::String(text) | ExprKind::Number(text) => text.clone(),
        ExprKind::Template(parts) => text_of(parts),
        other => panic!("{other:?}"),
    };
    let part = |part: &TemplatePart| match part {
        TemplatePart::Literal(text, _) => text.clone(),
        TemplatePart::Interpolation(expr) => text(expr),
        TemplatePart::If { condition, yes, no, .. } => match condition.kind {
            ExprKind::Bool(true) => text(yes),
            _ => no.as_ref().map(text).unwrap_or_default(),
        },
        TemplatePart::For(each) => text(&each.each.value),
    };
    parts.iter().map(part).collect()
}

#[test]
fn white_space_is_taken_away_as_terraform_does() {
    for (template, expected) in [
        ("\"a$  ${~ \"x\"}|\"", "a$x|"),
        ("\"a  $b  ${~ \"x\"}|\"", "a  $bx|"),
        ("\"$$${a} $$$${a} %%%{a} $ 100% $x%y\"", "$${a} $$${a} %%{a} $ 100% $x%y"),
        ("\"\\t ${~ 1 ~} \\n b\"", "1b"),
        ("\"${1}  ${~ 2 ~}  ${3}\"", "123"),
        ("\"x %{~ if false ~} a %{~ else ~} b %{~ endif ~} y\"", "xby"),
        ("\"${\"a\"}\\u00e9\\U0001F600\\\"\\\\\"", "aé😀\"\\"),
        ("<<E\n  a\n  ${~ \"x\" ~}\n  b\nE", "  a\nx  b\n"),
        ("<<-E\n    a\n  ${\"x\"} y\n     b\nE", "  a\nx y\n   b\n"),
        ("<<-E\n    a\n\n  \n      b\n    E", "a\n\n  \n  b\n"),
        ("<<-E\n    ${~ \"x\" ~}\n      b\nE", "x      b\n"),
        ("<<-E\n\ta\n\t\tb\n  E", "a\n\tb\n"),
        ("<<-E\n    %{ if true ~}\n    a\n    %{ endif ~}\n    z\n    E", "    a\n    z\n"),
        ("<<-E\n    a $ b\n  $x c\n   %y\nE", "  a $ b\n$x c\n %y\n"),
        ("<<E\nE", ""),
        ("<<E\n\n E", "\n"),
        ("<<E\na $ b\n  $${x} \\n \"q\"\nE", "a $ b\n  ${x} \\n \"q\"\n"),
        ("<<-E\n  a\r\n   b\r\nE", "a\r\n b\r\n"),
    ] {
        let parts = match value(template).expect(template).kind {
            ExprKind::Template(parts) | ExprKind::Heredoc(parts) => parts,
            ExprKind::String(text) => {
                assert_eq!(text, expected, "{template}");
                continue;
            }
            other => panic!("{template}: {other:?}"),
        };
        assert_eq!(text_of(&parts), expected, "{template}");
    }
}

#[test]
fn a_bracket_behind_an_attribute_splat_takes_an_element_of_the_list() {
    let steps = |text: &str| match value(text).expect(text).kind {
        ExprKind::Traversal(root, steps) => (matches!(root.kind, ExprKind::Traversal(..)), steps.len()),
        other => panic!("{other:?}"),
    };
    assert_eq!(steps("a.*.b[0]"), (true, 1));
    assert_eq!(steps("a.*.b.0"), (false, 3));
    assert_eq!(steps("a[*].b[0]"), (false, 3));
    // Inside another splat it is the list of each element.
    assert_eq!(steps("a[*].*.b[0].c"), (false, 4));
    for text in ["a[*].*.b[0].c", "a.*.b[0].c", "a.b.*.c[*].d", "a[*].*.b.c[*][x.y]"] {
        let text = format!("a = {text}\n");
        assert_eq!(parse_body(&text, Span::new(0, text.len())), hcl::parse_body(&text, 0), "{text}");
    }
}
