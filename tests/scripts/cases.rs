//! Every form in which a script stands in the code, and the place of what is found in it.

use crate::run::{NOTEBOOK, configuration, found, tree};
use crate::support::folder;

const SCRIPT: &str = "#!/bin/bash\nset -e\nsudo -u ec2-user -i <<'END'\nsudo yum install -y jq\nEND\n";
const IN_FILE: &str = "s.sh:4:1 sudo-as-notebook-user error";
/// `echo 'ec2-user ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/90-nb`
const SUDOERS: &str = "ZWNobyAnZWMyLXVzZXIgQUxMPShBTEwpIE5PUEFTU1dEOkFMTCcgPiAvZXRjL3N1ZG9lcnMuZC85MC1uYgo=";

/// Line 7 of `main.tf` is the one with `on_start`, whose value starts in column 14.
fn check(on_start: &str, others: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(found(&tree(on_start, others)), expected, "{on_start}");
}

#[test]
fn heredocs() {
    let heredoc = |marker: &str, indent: &str| {
        let lines: Vec<String> = SCRIPT.lines().map(|line| format!("{indent}{line}")).collect();
        format!("base64encode({marker}EOF\n{}\n  EOF\n  )", lines.join("\n"))
    };
    check(&heredoc("<<-", "    "), &[], &["main.tf:11:5 sudo-as-notebook-user error"]);
    check(&heredoc("<<", ""), &[], &["main.tf:11:1 sudo-as-notebook-user error"]);
    check("\"${base64encode(<<EOF\nsudo ls\nEOF\n)}\"", &[], &["main.tf:8:1 redundant-sudo note"]);
    check("base64encode(<<EOF\nIDLE=$${IDLE:-60}\nEOF\n)", &[], &[]);
    check("<<EOF\nsudo ls\nEOF", &[], &["main.tf:7:14 script-not-base64 warning", "main.tf:8:1 redundant-sudo note"]);
    let interpolated = "base64encode(<<-EOF\n    su - ec2-user -c \"sudo mount ${var.x}\"\n  EOF\n  )";
    check(interpolated, &[], &["main.tf:8:23 sudo-as-notebook-user error"]);
}

#[test]
fn texts_put_into_a_script_are_read_where_they_stand() {
    let heredoc = |line: &str| format!("base64encode(<<-EOF\n    #!/bin/bash\n    {line}\n  EOF\n  )");
    let part = [("part.sh", "sudo -u ec2-user bash -c 'sudo ls'\n")];
    check(&heredoc("${file(\"${path.module}/part.sh\")}"), &part, &["part.sh:1:27 sudo-as-notebook-user error"]);
    check(&heredoc("${templatefile(\"part.sh\", {})}"), &part, &["part.sh:1:27 sudo-as-notebook-user error"]);
    check(&heredoc("sudo -u ${\"ec2-user\"} sudo ls"), &[], &["main.tf:9:27 sudo-as-notebook-user error"]);
    check(&heredoc("${var.extra}"), &[], &["main.tf:9:5 unanalysed-script note"]);
    check(&heredoc("echo ${var.extra}"), &[], &[]);
}

#[test]
fn strings() {
    check(
        r##""#!/bin/bash\nsudo -u ec2-user bash -c 'sudo ls'""##,
        &[],
        &["main.tf:7:14 script-not-base64 warning", "main.tf:7:54 sudo-as-notebook-user error"],
    );
    check(
        r##"base64encode("#!/bin/bash\n\techo \"\u00e9\"\nsetcap x=ep /bin/x")"##,
        &[],
        &["main.tf:7:60 setuid-or-capability error"],
    );
    check(&format!("\"{SUDOERS}\""), &[], &["main.tf:7:14 grants-root error"]);
    check("base64encode(join(\"\\n\", [\"#!/bin/bash\", \"sudo ls\"]))", &[], &["main.tf:7:55 redundant-sudo note"]);
    check("\"\"", &[], &[]);
    check("null", &[], &[]);
}

#[test]
fn files() {
    let files = [("s.sh", SCRIPT)];
    for on_start in [
        "base64encode(file(\"${path.module}/s.sh\"))",
        "filebase64(\"s.sh\")",
        "filebase64(\"./s.sh\")",
        "filebase64(\"${path.root}/s.sh\")",
        "filebase64(join(\"/\", [path.module, \"s.sh\"]))",
        "filebase64(format(\"%s/%s\", path.module, \"s.sh\"))",
        "base64encode(templatefile(\"${path.module}/s.sh\", {}))",
        "base64encode(replace(file(\"s.sh\"), \"\\r\\n\", \"\\n\"))",
        "true ? filebase64(\"s.sh\") : null",
        "lookup({ a = filebase64(\"s.sh\") }, \"a\", \"\")",
        "try(filebase64(\"s.sh\"), \"\")",
    ] {
        check(on_start, &files, &[IN_FILE]);
    }
    check("file(\"s.sh\")", &files, &["main.tf:7:14 script-not-base64 warning", IN_FILE]);
    check("filebase64(\"./no.sh\")", &files, &["main.tf:7:14 unanalysed-script note"]);
    check("filebase64(var.path)", &files, &["main.tf:7:14 unanalysed-script note"]);
    check("var.x", &files, &["main.tf:7:14 unanalysed-script note"]);
}

#[test]
fn files_with_odd_bytes() {
    let crlf = SCRIPT.replace('\n', "\r\n");
    let found = found(&tree("filebase64(\"s.sh\")", &[("s.sh", &format!("\u{feff}{crlf}"))]));
    assert_eq!(found[0], "s.sh:1:1 crlf-script warning");
    assert!(found.contains(&IN_FILE.to_owned()), "{found:?}");
    let fixed = tree("base64encode(replace(file(\"s.sh\"), \"\\r\\n\", \"\\n\"))", &[("s.sh", &crlf)]);
    assert_eq!(crate::run::found(&fixed), [IN_FILE]);
}

#[test]
fn a_file_of_terraform_code_with_odd_bytes() {
    let text = format!("{NOTEBOOK}{}", configuration("base64encode(<<-EOF\n\t\té=1 ; setcap x=ep /bin/x\n\tEOF\n  )"));
    let tree = folder::empty();
    folder::put(&tree.path().join("main.tf"), format!("\u{feff}{}", text.replace('\n', "\r\n")).as_bytes());
    let found = found(&tree);
    assert!(found.contains(&"main.tf:8:9 setuid-or-capability error".to_owned()), "{found:?}");
    assert!(found.contains(&"main.tf:8:3 crlf-script warning".to_owned()), "{found:?}");
}

#[test]
fn templates() {
    let template = "#!/bin/bash\nsudo -u ${user} bash -c 'sudo ls ${other}'\n";
    let files = [("s.sh", template)];
    let values = "base64encode(templatefile(\"s.sh\", { user = \"ec2-user\", other = var.x }))";
    check(values, &files, &["s.sh:2:26 sudo-as-notebook-user error"]);
    let unknown = "base64encode(templatefile(\"s.sh\", { user = var.user, other = var.x }))";
    check(unknown, &files, &["s.sh:2:1 unresolved-user note"]);
}

#[test]
fn data_sources() {
    let data = "data \"template_file\" \"x\" {\n  template = file(\"${path.module}/s.sh\")\n  vars = { a = 1 }\n}\n\
                data \"local_file\" \"y\" {\n  filename = \"${path.module}/s.sh\"\n}\n";
    let files = [("s.sh", SCRIPT), ("data.tf", data)];
    check("base64encode(data.template_file.x.rendered)", &files, &[IN_FILE]);
    check("base64encode(data.local_file.y.content)", &files, &[IN_FILE]);
    check("data.local_file.y.content_base64", &files, &[IN_FILE]);
    check("base64encode(data.http.z.body)", &files, &["main.tf:7:14 unanalysed-script note"]);
}

#[test]
fn references() {
    let others = "locals {\n  script = file(\"s.sh\")\n  all = { start = filebase64(\"s.sh\") }\n}\n\
                  variable \"script\" {\n  default = \"s.sh\"\n}\n";
    let files = [("s.sh", SCRIPT), ("others.tf", others)];
    for on_start in [
        "base64encode(local.script)",
        "local.all.start",
        "local.all[\"start\"]",
        "lookup(local.all, \"start\", \"\")",
        "filebase64(var.script)",
        "filebase64(\"${path.module}/${var.script}\")",
    ] {
        check(on_start, &files, &[IN_FILE]);
    }
    let variable = format!("variable \"x\" {{\n  default = \"{SUDOERS}\"\n}}\n");
    check("var.x", &[("v.tf", &variable)], &["v.tf:2:13 grants-root error"]);
}

#[test]
fn both_branches_are_read() {
    let found = found(&tree("var.x ? filebase64(\"s.sh\") : base64encode(\"sudo ls\")", &[("s.sh", SCRIPT)]));
    assert_eq!(found, ["main.tf:7:57 redundant-sudo note", IN_FILE]);
}

#[test]
fn what_is_too_long_is_said() {
    let long = "#!/bin/bash\n".to_owned() + &"echo abcdefg\n".repeat(1000);
    check("filebase64(\"s.sh\")", &[("s.sh", &long)], &["main.tf:7:14 script-too-long warning"]);
}

#[test]
fn code_that_refers_to_itself_ends() {
    let others = "locals {\n  a = var.x ? local.a : lookup(local.a, \"x\", local.b)\n  b = { for x in local.b : x => x }\n  \
                  c = [local.c, local.a][var.y]\n}\nvariable \"x\" {\n  default = var.x\n}\n";
    for on_start in
        ["local.a", "base64encode(local.a.b)", "filebase64(local.c)", "local.b[local.b]", "base64encode(local.c)"]
    {
        let found = found(&tree(on_start, &[("others.tf", others)]));
        assert!(found.iter().all(|it| it.contains("unanalysed-script")) && found.len() == 1, "{on_start}: {found:?}");
    }
}

#[test]
fn elements_of_collections_are_followed() {
    let others = "variable \"all\" {\n  default = [{ name = \"a\", hooks = { start = \"s.sh\" } }]\n}\n\
                  resource \"aws_sagemaker_notebook_instance_lifecycle_configuration\" \"each\" {\n  \
                  for_each = { for it in var.all : it.name => it }\n  \
                  on_start = filebase64(lookup(lookup(each.value, \"hooks\", {}), \"start\", \"\"))\n}\n";
    check("null", &[("s.sh", SCRIPT), ("others.tf", others)], &["s.sh:4:1 sudo-as-notebook-user note"]);
}
