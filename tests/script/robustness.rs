//! Whatever the text, the analysis ends, and its spans can be used to cut the script.

use proptest::prelude::*;
use unroot::script::{self, Analysis};

/// Checks what every analysis promises about its findings.
fn check(script: &str, analysis: &Analysis) {
    for finding in &analysis.findings {
        for span in std::iter::once(&finding.span).chain(&finding.places) {
            assert!(script.get(span.clone()).is_some(), "{span:?} does not cut {script:?}");
        }
        assert!(!finding.message.is_empty());
        assert!(!finding.message.contains(['\u{1a}', '\u{1}']), "a placeholder shows in {:?}", finding.message);
        assert!(!finding.message.contains("fault of this tool"), "the analysis panicked on {script:?}");
        if let Some(rewrite) = &finding.rewrite {
            assert!(rewrite.cut.iter().all(|cut| script.get(cut.clone()).is_some()));
            assert!(script.is_char_boundary(rewrite.insert_at));
            assert!(!rewrite.lines.contains(['\u{1a}', '\u{1}']) || script.contains(['\u{1a}', '\u{1}']));
        }
    }
    let keys: Vec<_> = analysis.findings.iter().map(|it| (it.span.start, it.span.end, it.rule)).collect();
    assert!(keys.is_sorted(), "the findings of {script:?} are not sorted");
    assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "two findings of {script:?} are the same");
}

fn fragments() -> Vec<String> {
    [include_str!("expectations.txt"), include_str!("fragments.txt")]
        .iter()
        .flat_map(|table| table.split("\n## ").skip(1))
        .filter_map(|part| part.splitn(3, '\n').nth(2).map(str::to_owned))
        .collect()
}

/// Text that the shell parser has to work for.
fn shell_like() -> impl Strategy<Value = String> {
    let tokens = prop::sample::select(vec![
        "sudo ",
        "su - ",
        "-u ",
        "ec2-user ",
        "bash -c ",
        "'",
        "\"",
        "`",
        "$(",
        ")",
        "${",
        "}",
        "<<EOF\n",
        "<<-'EOF'\n",
        "EOF\n",
        "\n",
        "\r\n",
        ";",
        "&&",
        "||",
        "|",
        "&",
        "if ",
        "then ",
        "fi ",
        "for x in ",
        "do ",
        "done ",
        "case x in ",
        "esac ",
        "f() {",
        "}\n",
        "[[ ",
        "]] ",
        "((",
        "))",
        "\\",
        "$x",
        "x=",
        "(",
        "é",
        "\u{1a}",
        "\u{1}",
        "~",
        "/etc/sudoers ",
        "> ",
        ">> ",
        "<<< ",
        "< ",
        "chmod ",
        "eval ",
        "crontab -",
        "* * * * * ",
        "!",
        "{a,b}",
        "#",
        "\t",
        "cd /home/ec2-user/SageMaker",
        "%{",
        "$${",
        "xargs ",
        "find . -exec ",
    ]);
    prop::collection::vec(tokens, 0..60).prop_map(|tokens| tokens.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_is_judged(text in "\\PC{0,200}") {
        check(&text, &script::analyse(&text));
    }

    #[test]
    fn shell_like_text_is_judged(text in shell_like()) {
        check(&text, &script::analyse(&text));
        check(&text, &script::analyse_template(&text));
    }

    #[test]
    fn masking_keeps_the_length_and_everything_outside_templates(text in shell_like()) {
        let masked = script::mask_template(&text);
        prop_assert_eq!(masked.len(), text.len());
        if !text.contains("${") && !text.contains("%{") {
            prop_assert_eq!(masked, text);
        }
    }

    #[test]
    fn mutated_fragments_are_judged(
        index in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..4),
    ) {
        let fragments = fragments();
        let mut text: Vec<char> = index.get(&fragments).chars().collect();
        let donor: Vec<char> = other.get(&fragments).chars().collect();
        for (from, to) in cuts {
            let at = from.index(text.len() + 1);
            let end = (at + to.index(12)).min(text.len());
            let piece: Vec<char> = donor.iter().copied().skip(to.index(donor.len() + 1)).take(9).collect();
            text.splice(at..end, piece);
        }
        let text: String = text.into_iter().collect();
        check(&text, &script::analyse(&text));
    }

    #[test]
    fn line_ends_change_no_verdict(index in any::<prop::sample::Index>()) {
        let fragments = fragments();
        let text = index.get(&fragments);
        prop_assume!(!text.contains("\\r"));
        let windows = text.replace('\n', "\r\n");
        let rules = |analysis: &Analysis| -> Vec<_> {
            let mut rules: Vec<_> = analysis.findings.iter().map(|it| (it.rule, it.severity)).collect();
            rules.retain(|(rule, _)| *rule != unroot::rules::Rule::CrlfScript);
            rules
        };
        prop_assert_eq!(rules(&script::analyse(text)), rules(&script::analyse(&windows)));
    }
}

/// Nesting and repetition that would cost a careless walk its stack or hours.
#[test]
fn hostile_scripts_end() {
    let nested = |open: &str, inner: &str, close: &str, times: usize| {
        format!("{}{inner}{}", open.repeat(times), close.repeat(times))
    };
    let calls: String =
        (0..40).fold("f0() { sudo id; }\n".to_owned(), |text, n| format!("{text}f{}() {{ f{n}; f{n}; }}\n", n + 1));
    let mut quoted = "sudo id".to_owned();
    for _ in 0..12 {
        quoted = format!("bash -c '{}'", quoted.replace('\'', "'\\''"));
    }
    let doubling: String = (0..60).map(|_| "x=\"$x$x\"\n").collect();
    let scripts = [
        // Letters of several bytes beside an escape, where the parser counts wrongly.
        "\"\\\"\\A`\u{fe20}`\"\u{116b0}0".to_owned(),
        nested("$(", "id", ")", 4000),
        nested("\"$(", "id", ")\"", 2000),
        nested("${x:-", "id", "}", 4000),
        nested("( ", "id", " )", 4000),
        nested("{ ", "id; ", "}; ", 3000),
        nested("if true; then ", "id; ", "fi; ", 1000),
        nested("eval ", "id", "", 4000),
        nested("sudo ", "id", "", 4000),
        nested("sudo -u ec2-user bash <<E\n", "sudo id\n", "E\n", 500),
        nested("((", "1", "))", 3000),
        "[[ a && ".repeat(2000),
        "a && ".repeat(5000),
        "a | ".repeat(5000),
        "`".repeat(9000),
        "{a,".repeat(4000),
        "<<E ".repeat(4000),
        "f() { f; f; }; f".to_owned(),
        "f() { eval 'f;f'; }; f".to_owned(),
        "x='eval \"$x\"'; eval \"$x\"".to_owned(),
        format!("x=aaaaaaaa\n{doubling}echo \"$x\" > /tmp/a; bash /tmp/a"),
        format!("{calls}f40\n"),
        quoted,
        "cat > /etc/cron.d/x <<'E'\n* * * * * root cat /etc/cron.d/x > /etc/cron.d/y\nE\n".repeat(300),
        "sudo yum install -y jq\n".repeat(11_000),
    ];
    for script in &scripts {
        check(script, &script::analyse(script));
    }
}
