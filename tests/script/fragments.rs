//! Every fragment gets exactly the findings its table lists: `expectations.txt` is the specification's own table,
//! `fragments.txt` goes through the constructs of shell and of the rules, `programs.txt` through the programs that are known.

use unroot::rules::Rule;
use unroot::script;

struct Case {
    name: String,
    template: bool,
    expected: Vec<String>,
    script: String,
}

fn cases(table: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for part in table.split("\n## ").skip(1) {
        let mut lines = part.splitn(3, '\n');
        let name = lines.next().unwrap_or_default().trim().to_owned();
        let arrow = lines.next().unwrap_or_default();
        let template = arrow.starts_with("T->");
        let Some(expected) = arrow.trim_start_matches('T').strip_prefix("->") else {
            panic!("{name}: no arrow on the second line");
        };
        let expected =
            expected.split(',').map(|item| item.trim().to_owned()).filter(|item| item != "nothing").collect();
        // The blank line before the next case belongs to the table.
        let script = lines.next().unwrap_or_default().trim_end_matches('\n').to_owned() + "\n";
        cases.push(Case { name, template, expected, script });
    }
    cases
}

fn check(case: &Case) -> Option<String> {
    // `\r` in a table stands for a carriage return, which an editor would not keep.
    let text = case.script.replace("\\r\n", "\r\n");
    let analysis = if case.template { script::analyse_template(&text) } else { script::analyse(&text) };
    let mut found: Vec<String> =
        analysis.findings.iter().map(|finding| format!("{} {}", finding.rule, finding.severity)).collect();
    found.sort();
    let agrees = found.len() == case.expected.len()
        && found
            .iter()
            .zip(&case.expected)
            .all(|(found, expected)| found == expected || found.split(' ').next() == Some(expected.as_str()));
    (!agrees).then(|| {
        let details: Vec<String> = analysis
            .findings
            .iter()
            .map(|finding| format!("      {} | {}", finding.message, &text[finding.span.clone()]))
            .collect();
        format!("{}\n   expected {:?}\n   found    {found:?}\n{}", case.name, case.expected, details.join("\n"))
    })
}

fn check_table(table: &str, at_least: usize) {
    let cases = cases(table);
    assert!(cases.len() >= at_least, "only {} cases were read", cases.len());
    let mut names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), cases.len(), "two cases share a name");
    for case in &cases {
        for item in &case.expected {
            let code = item.split(' ').next().unwrap_or_default();
            assert!(Rule::ALL.iter().any(|rule| rule.code() == code), "{}: no rule {code}", case.name);
        }
    }
    let wrong: Vec<String> = cases.iter().filter_map(check).collect();
    assert!(wrong.is_empty(), "{} of {} cases are wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn the_specification_holds() {
    check_table(include_str!("expectations.txt"), 35);
}

#[test]
fn every_construct_is_understood() {
    check_table(include_str!("fragments.txt"), 180);
}

#[test]
fn every_program_of_the_table_is_understood() {
    check_table(include_str!("programs.txt"), 340);
}
