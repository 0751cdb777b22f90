//! The world of a verdict: paths select notebooks, the repository decides, and nothing unread complies.

use crate::support::folder;
use crate::support::program::{run, unroot};

/// A module whose notebook complies unless somebody says otherwise.
pub(crate) const MODULE: &str = "variable \"ra\" {\n  type    = string\n  default = \"Disabled\"\n}\nvariable \"tags\" {\n  default = {}\n}\nresource \"aws_sagemaker_notebook_instance\" \"nb\" {\n  name        = \"x\"\n  root_access = var.ra\n}\n";

fn call(value: &str) -> String {
    format!("module \"nb\" {{\n  source = \"../../modules/nb\"\n  ra     = \"{value}\"\n}}\n")
}

/// A shared module, a root that turns root on in its call, and one that does so in a file of values.
fn estate() -> tempfile::TempDir {
    folder::with(&[
        (".git/HEAD", ""),
        ("modules/nb/main.tf", MODULE),
        ("modules/other/main.tf", "variable \"x\" {\n  default = 1\n}\n"),
        ("envs/dev/main.tf", &call("Enabled")),
        ("envs/prod/main.tf", &format!("variable \"r\" {{\n}}\n{}", call("x").replace("\"x\"", "var.r"))),
        ("envs/prod/prod.tfvars", "r = \"Enabled\"\n"),
    ])
}

#[test]
fn whatever_lies_on_the_way_selects_the_notebook() {
    let folder = estate();
    for path in
        ["envs/dev", "envs/dev/main.tf", "envs", "envs/prod/prod.tfvars", "envs/prod", "modules/nb/main.tf", "modules"]
    {
        let ended = run(unroot(folder.path()).args(["--check", path]));
        assert_eq!(ended.code, Some(1), "{path}: {}", ended.text());
        assert!(ended.text().contains("root-access-via-reference"), "{path}: {}", ended.text());
    }
    let ended = run(unroot(&folder.path().join("envs/dev")).arg("--check"));
    assert_eq!(ended.code, Some(1), "{}", ended.text());
    let ended = run(unroot(folder.path()).args(["--check", "modules/other"]));
    assert_eq!(ended.code, Some(0), "{}", ended.text());
}

#[test]
fn edits_stay_within_the_paths_and_the_rest_is_said() {
    let folder = estate();
    let mut expected = folder::files(folder.path());
    let run = |arguments: &[&str], code: i32, said: &str| {
        let ended = run(unroot(folder.path()).args(arguments));
        assert_eq!(ended.code, Some(code), "{arguments:?}: {}", ended.text());
        assert!(ended.text().contains(said), "{arguments:?}: {}", ended.text());
        folder::files(folder.path())
    };
    let divided =
        "with the fix it is \"Disabled\" from envs/prod/prod.tfvars and still \"Enabled\" from envs/dev/main.tf";
    assert_eq!(run(&["envs/prod"], 0, divided), expected);
    assert_eq!(run(&["--check", "envs/prod"], 1, divided), expected);
    expected.insert("envs/prod/prod.tfvars".into(), b"r = \"Disabled\"\n".to_vec());
    assert_eq!(
        run(&["--write", "envs/prod"], 1, "for review, fixed in part: set \"Disabled\" at envs/prod/prod.tfvars:1"),
        expected
    );
    assert_eq!(
        run(&["--write", "--exit-zero", "envs/prod"], 0, "root_access gets \"Enabled\" from envs/dev/main.tf:3"),
        expected
    );
    expected.insert("envs/dev/main.tf".into(), call("Disabled").into_bytes());
    assert_eq!(run(&["--write", "envs/dev"], 0, "1 fixed"), expected);
}

#[test]
fn a_default_selects_what_it_feeds_and_no_more() {
    let notebook = |name: &str, value: &str| {
        format!("resource \"aws_sagemaker_notebook_instance\" \"{name}\" {{\n  root_access = {value}\n}}\n")
    };
    let folder = folder::with(&[
        ("a.tf", notebook("a", "var.ra").as_str()),
        ("b.tf", &format!("# unroot:ignore needs root\n{}", notebook("b", "\"Enabled\""))),
        ("variables.tf", "variable \"ra\" {\n  default = \"Enabled\"\n}\n"),
    ]);
    let ended = run(unroot(folder.path()).args(["--check", "variables.tf"]));
    assert_eq!(ended.code, Some(1), "{}", ended.text());
    assert!(ended.text().contains(".a: root_access gets"), "{}", ended.text());
    assert!(!ended.text().contains(".b:") && !ended.text().contains("unused"), "{}", ended.text());
}

#[test]
fn callers_are_looked_for_in_the_working_folder_where_there_is_no_repository() {
    let folder = folder::with(&[("modules/nb/main.tf", MODULE), ("envs/dev/main.tf", &call("Enabled"))]);
    for path in ["modules", "modules/nb/main.tf", "envs/dev"] {
        let ended = run(unroot(folder.path()).args(["--check", path]));
        assert_eq!(ended.code, Some(1), "{path}: {}", ended.text());
    }
}

#[test]
fn nothing_unread_complies() {
    let broken_call = format!("{}x = [1, }}\n", call("Enabled").trim_end().trim_end_matches('}'));
    let with = |text: &str| text.as_bytes().to_vec();
    let utf16 = |text: &str| {
        let units = format!("\u{feff}{text}");
        units.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    let latin1 = |text: &str| [b"\xe9\xff\n", text.as_bytes()].concat();
    let cases: [(&str, Vec<u8>); 15] = [
        ("envs/dev/main.tf", with(&broken_call)),
        ("envs/dev/main.tf", latin1(&call("Enabled"))),
        ("envs/dev/main.tf", utf16(&call("Enabled"))),
        ("envs/dev/main.tf.json", with("{\"module\":{\"nb\":{\"source\":\"../../modules/nb\",\"ra\":\"Enabled\",}}")),
        ("envs/dev/main.tf", with(&format!("/* {}", call("Enabled")))),
        ("envs/dev/main.tf.json", with("{'module': {'nb': {'source': '../../modules/nb', 'ra': 'Enabled'}}}")),
        ("modules/nb/terraform.tfvars", with("ra {\n  value = \"Enabled\"\n}\n")),
        ("modules/nb/terraform.tfvars", with("x = \"\nra = \"Enabled\"\n")),
        ("modules/nb/terraform.tfvars", latin1("ra = \"Enabled\"\n")),
        ("modules/nb/a.auto.tfvars", with("ra: \"Enabled\"\n")),
        ("modules/nb/terraform.tfvars.json", with("{\"ra\": \"Enabled\",}")),
        ("modules/nb/x_override.tf", latin1("variable \"ra\" {\n  default = \"Enabled\"\n}\n")),
        ("modules/nb/x_override.tf", with("variable \"ra\" {\n  default = \"Enabled\n}\n")),
        (
            "live/terragrunt.hcl",
            latin1("terraform {\n  source = \"../modules/nb\"\n}\ninputs = { ra = \"Enabled\" }\n"),
        ),
        ("live/terragrunt.hcl", with("terraform {\n  source = \"../modules/nb\"\n}\ninputs = { ra = \"Enabled\n")),
    ];
    for (path, bytes) in cases {
        let folder = folder::with(&[(".git/HEAD", ""), ("modules/nb/main.tf", MODULE)]);
        folder::put(&folder.path().join(path), &bytes);
        for given in [".", "modules"] {
            let ended = run(unroot(folder.path()).args(["--check", given]));
            let text = bytes.escape_ascii();
            assert_eq!(ended.code, Some(2), "{given}, {path}: {text}: {} {}", ended.text(), ended.err);
            assert!(!ended.text().contains("compliant"), "{given}, {path}: {text}: {}", ended.text());
            assert!(ended.err.contains(path), "{path} is not named: {}", ended.err);
        }
    }
}

#[test]
fn what_declares_with_escaped_words_is_read() {
    let folder = folder::with(&[
        ("modules/nb/main.tf", MODULE.replace("notebook_instance", "notebook\\u005finstance").as_str()),
        ("modules/nb/more.tf.json", r#"{"vari\u0061ble": {"other": {"default": "Disabled"}}}"#),
        (
            "modules/nb/nb.tf.json",
            r#"{"resourc\u0065": {"aws_sagemaker_notebook\u005finstance": {"b": {"root_access": "${v\u0061r.other}"}}}}"#,
        ),
        ("envs/dev/main.tf.json", r#"{"modul\u0065": {"nb": {"source": "../../modules/nb", "other": "Enabled"}}}"#),
    ]);
    let ended = run(unroot(folder.path()).args(["--check", "."]));
    assert_eq!(ended.code, Some(1), "{}", ended.text());
    assert!(ended.text().contains(".b: root_access gets \"Enabled\" from envs/dev/main.tf.json:1"), "{}", ended.text());
    assert!(ended.text().contains("2 notebooks"), "{}", ended.text());
}

#[test]
fn a_source_that_is_put_together_is_followed_or_a_gap() {
    for (path, source, followed) in [
        ("main.tf", "\"..\\\\modules\\\\nb\"", true),
        ("main.tf", "\"../modules/\\u006eb\"", true),
        ("main.tofu", "\"${local.base}/nb\"", true),
        ("main.tf", "\"./${\"../modules/nb\"}\"", true),
        ("main.tofu", "\"${var.base}/nb\"", false),
        ("main.tofu", "var.source", false),
    ] {
        let text = format!(
            "locals {{\n  base = \"../modules\"\n}}\nmodule \"nb\" {{\n  source = {source}\n  ra     = \"Enabled\"\n}}\n"
        );
        let folder = folder::with(&[("modules/nb/main.tf", MODULE), (&format!("live/{path}"), &text)]);
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(1), "{source}: {}", ended.text());
        let rule = if followed { "root-access-via-reference" } else { "root-access-undetermined" };
        assert!(ended.text().contains(rule), "{source}: {}", ended.text());
    }
    for (values, source, followed) in [
        ("variable \"base\" {\n  default = \"../modules\"\n}\n", "\"${var.base}/nb\"", true),
        ("variable \"base\" {\n  default = \"../none\"\n}\n", "\"${var.base}/nb\"", true),
        ("variable \"base\" {\n}\n", "\"${var.base}/nb\"", true),
        ("variable \"base\" {\n  default = upper(\"x\")\n}\n", "\"${var.base}/nb\"", false),
    ] {
        let call = format!("{values}module \"nb\" {{\n  source = {source}\n  ra     = \"Enabled\"\n}}\n");
        let given = if values.contains("../modules") { "x = 1\n" } else { "base = \"../modules\"\n" };
        let file = if followed { "live/dev.tfvars" } else { "other/dev.tfvars" };
        let folder = folder::with(&[("modules/nb/main.tf", MODULE), ("live/main.tofu", &call), (file, given)]);
        let ended = run(unroot(folder.path()).arg("--check"));
        let rule = if followed { "root-access-via-reference" } else { "root-access-undetermined" };
        assert!(ended.text().contains(rule), "{values}: {}", ended.text());
    }
    // What is fetched leads nowhere here, whatever its version is.
    let fetched = "module \"nb\" {\n  source = \"git::https://example.com/x.git//nb?ref=${var.version}\"\n  ra = \"Enabled\"\n}\n";
    let folder = folder::with(&[("modules/nb/main.tf", MODULE), ("live/main.tofu", fetched)]);
    let ended = run(unroot(folder.path()).arg("--check"));
    assert_eq!(ended.code, Some(0), "{}", ended.text());
    let json = "{\"module\": {\"nb\": {\"source\": \"..\\/modules\\/nb\", \"ra\": \"Enabled\"}}}";
    let folder = folder::with(&[("modules/nb/main.tf", MODULE), ("live/main.tf.json", json)]);
    let ended = run(unroot(folder.path()).arg("--check"));
    assert!(ended.text().contains("root-access-via-reference"), "{}", ended.text());
}

#[test]
fn a_root_that_its_examples_call_keeps_its_default() {
    let folder = folder::with(&[
        ("main.tf", MODULE.replace("\"Disabled\"", "\"Enabled\"").as_str()),
        ("examples/full/main.tf", "module \"nb\" {\n  source = \"../../\"\n  ra     = \"Disabled\"\n}\n"),
    ]);
    let ended = run(unroot(folder.path()).arg("--check"));
    assert_eq!(ended.code, Some(1), "{}", ended.text());
}

#[test]
fn what_is_no_code_is_an_error_that_says_what_it_is() {
    const EXAMPLE: &str =
        "# Use\n\n```hcl\nresource \"aws_sagemaker_notebook_instance\" \"n\" {\n  name = \"x\"\n}\n```\n";
    for (name, text, what) in [
        ("plan.json", "{\"format_version\":\"1.2\",\"planned_values\":{\"root_module\":{}}}", "a plan"),
        ("terraform.tfstate", "{\"version\":4,\"serial\":1,\"lineage\":\"x\",\"resources\":[]}", "a state"),
        ("nb.yaml", "Resources:\n  Nb:\n    Type: AWS::SageMaker::NotebookInstance\n", "a CloudFormation template"),
        ("tfplan", "PK\u{3}\u{4}", "an archive"),
        ("README.md", EXAMPLE, "a document"),
        ("USAGE", EXAMPLE, "a document"),
    ] {
        let folder = folder::with(&[(name, text)]);
        let ended = run(unroot(folder.path()).args(["--check", name]));
        assert_eq!(ended.code, Some(2), "{name}: {}", ended.text());
        assert!(ended.err.contains(what), "{name}: {}", ended.err);
        run(unroot(folder.path()).args(["--write", name]));
        assert_eq!(folder::files(folder.path())[std::path::Path::new(name)], text.as_bytes(), "{name}");
    }
}

/// Hooks hand them over with the code.
#[test]
fn files_of_other_tools_are_named_in_a_note() {
    for (name, what) in [
        ("x.pkr.hcl", "a Packer template"),
        ("x.nomad.hcl", "a Nomad job"),
        (".tflint.hcl", "settings of TFLint"),
        ("x.tftest.hcl", "a test of Terraform code"),
        (".terraform.lock.hcl", "a list of provider versions"),
    ] {
        let folder = folder::with(&[(".git/HEAD", ""), (name, "x {\n}\n")]);
        let ended = run(unroot(folder.path()).args(["--check", name]));
        assert_eq!(ended.code, Some(0), "{name}: {}", ended.text());
        assert!(ended.err.contains(&format!("{name}: {what}, and no Terraform code")), "{name}: {}", ended.err);
        assert!(!ended.text().contains("1 Terraform file"), "{name}: {}", ended.text());
    }
}

#[test]
fn what_is_known_is_not_hidden_by_what_is_not() {
    let required = "variable \"r\" {\n}\nmodule \"nb\" {\n  source = \"../../modules/nb\"\n  ra     = var.r\n}\n";
    let folder = folder::with(&[
        ("modules/nb/main.tf", MODULE),
        ("envs/a/main.tf", &call("Enabled")),
        ("envs/b/main.tf", required),
        ("envs/c/main.tf", &call("Disabled")),
    ]);
    let ended = run(unroot(folder.path()).arg("--check"));
    assert!(ended.text().contains("root-access-via-reference"), "{}", ended.text());
    let counts = "root_access is \"Enabled\" in 1 instance, unknown in 1, \"Disabled\" in 1; \"Enabled\" comes from envs/a/main.tf:3, ";
    assert!(ended.text().contains(counts), "{}", ended.text());
}

#[test]
fn files_of_values_count_together() {
    let notebook =
        |value: &str| format!("resource \"aws_sagemaker_notebook_instance\" \"n\" {{\n  root_access = {value}\n}}\n");
    let declared = |name: &str, default: &str| format!("variable \"{name}\" {{\n  default = {default}\n}}\n");
    let code = [declared("ras", "{}"), declared("env", "\"prod\""), notebook("lookup(var.ras, var.env, \"Disabled\")")]
        .concat();
    let common = "ras = { dev = \"Enabled\", prod = \"Disabled\" }\n";
    let folder = folder::with(&[("main.tf", &code), ("common.tfvars", common), ("dev.tfvars", "env = \"dev\"\n")]);
    let ended = run(unroot(folder.path()).arg("--check"));
    assert_eq!(ended.code, Some(1), "{}", ended.text());
    folder::put(&folder.path().join("dev.tfvars"), b"env = \"prod\"\n");
    let ended = run(unroot(folder.path()).arg("--check"));
    assert_eq!(ended.code, Some(0), "{}", ended.text());
}

#[test]
fn what_commands_hand_over_counts() {
    let bad = "ra = \"Enabled\"\n";
    for (name, text) in [
        ("Makefile", "plan:\n\tcd tf && terraform plan -var-file=../config/dev.tfvars\n"),
        (
            ".github/workflows/ci.yml",
            "run: terraform -chdir=tf plan -var-file \"../config/${{ matrix.env }}.tfvars\"\n",
        ),
        ("deploy.sh", "terraform -chdir=tf apply -var-file=\"$PWD/x\" --var-file='config/dev.tfvars'\n"),
        ("ci.yaml", "run: terraform -chdir=tf plan -var-file=../${{ matrix.kind }}/${{ matrix.env }}.tfvars\n"),
        ("Taskfile.yml", "cmd: cd tf && terraform plan -var-file=../con{{ .fig }}/dev.tfvars\n"),
        ("atlantis.yaml", "dir: tf\nextra_args: [\"-var-file\", \"../config/dev.tfvars\"]\n"),
        ("atlantis.yml", "dir: tf\nextra_args:\n  - -var-file\n  - ../config/dev.tfvars\n"),
        ("a.sh", "terraform -chdir=tf plan \\\n  -var-file \\\n  ../config/dev.tfvars\n"),
        ("b.sh", "terraform -chdir=tf plan -var-file=../config/$ENV.vars\n"),
        ("README.md", "Run `cd tf && terraform plan -var-file=../config/dev.tfvars`.\n"),
        ("package.json", "{\"scripts\": {\"plan\": \"cd tf && terraform plan -var-file=../config/dev.tfvars\"}}\n"),
        ("run.py", "run([\"terraform\", \"plan\", \"-var-file=../config/dev.tfvars\"], cwd=\"tf\")\n"),
    ] {
        let folder = folder::with(&[
            ("tf/main.tf", MODULE),
            ("config/dev.tfvars", bad),
            ("config/prod.vars", bad),
            (name, text),
        ]);
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(1), "{name}: {}", ended.text());
        assert!(ended.text().contains("root-access-via-reference"), "{name}: {}", ended.text());
    }
    for (name, text) in [
        (".gitlab-ci.yml", "env:\n  TF_VAR_ra: Enabled\n"),
        (".gitlab-ci.yml", "run: terraform apply -var ra=Enabled\n"),
        (".gitlab-ci.yml", "x: terraform apply -var='ra=Enabled'\n"),
        ("tf/.envrc", "export TF_VAR_ra=Enabled\n"),
    ] {
        let folder = folder::with(&[("tf/main.tf", MODULE), (name, text)]);
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(1), "{text}: {}", ended.text());
        let by = format!("which {name} sets");
        assert!(ended.text().contains(&by), "{text}: {}", ended.text());
    }
}

/// A notebook that two folders hold: the first leaves its value open, the second turns root on.
#[test]
#[cfg(unix)]
fn what_one_folder_knows_to_be_bad_comes_before_what_another_leaves_open() {
    let folder = folder::with(&[
        (".git/HEAD", ""),
        ("a/nb.tf", "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = var.ra\n}\n"),
        ("a/variables.tf", "variable \"ra\" {\n}\n"),
        ("b/variables.tf", "variable \"ra\" {\n  default = \"Enabled\"\n}\n"),
    ]);
    std::os::unix::fs::symlink("../a/nb.tf", folder.path().join("b/nb.tf")).expect("a link can be made");
    let ended = run(unroot(folder.path()).arg("--check"));
    assert_eq!(ended.code, Some(1), "{}", ended.text());
    assert!(ended.text().contains("root-access-via-reference"), "{}", ended.text());
}

#[test]
fn callers_count_though_git_ignores_them_or_they_are_hidden() {
    for path in ["ignored/x/main.tf", "live/.dev/main.tf"] {
        let folder = folder::with(&[
            (".git/HEAD", ""),
            (".gitignore", "ignored/\n"),
            ("modules/nb/main.tf", MODULE),
            (path, &call("Enabled")),
        ]);
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(1), "{path}: {}", ended.text());
        assert!(ended.text().contains("root-access-via-reference"), "{path}: {}", ended.text());
    }
}

/// What is read for a value, and what commands hand over, is on its way wherever it is read or handed over.
#[test]
fn documents_and_commands_select_what_they_feed() {
    let reading = |value: &str| {
        let call = call("x").replace("\"x\"", value);
        format!("variable \"env\" {{\n  default = \"dev\"\n}}\n{call}")
    };
    let unit = "terraform {\n  source = \"../../modules/nb\"\n}\ninputs = yamldecode(file(\"x.yaml\"))\n";
    let asking =
        "terraform {\n  source = \"../../modules/nb\"\n}\ninputs = { ra = get_env(\"NB_ROOT\", \"Disabled\") }\n";
    let flag = "feature \"root\" {\n  default = false\n}\nterraform {\n  source = \"../../modules/nb\"\n}\ninputs = { ra = feature.root.value ? \"Enabled\" : \"Disabled\" }\n";
    let flags = "locals {\n  on = [for f in fileset(get_terragrunt_dir(), \"on/*\") : yamldecode(file(\"${get_terragrunt_dir()}/${f}\")).root]\n}\nterraform {\n  source = \"../../modules/nb\"\n}\ninputs = { ra = anytrue(local.on) ? \"Enabled\" : \"Disabled\" }\n";
    let workspace = reading("jsondecode(file(\"../../conf/${terraform.workspace}.json\")).ra");
    let root = "variable \"r\" {\n  default = \"Disabled\"\n}\n";
    let root = format!("{root}{}", call("x").replace("\"x\"", "var.r"));
    let makefile = "plan:\n\tcd envs/dev && terraform plan -var-file=../../conf/p.vars\n";
    for (about, named, files) in [
        (
            "a document of a caller",
            "envs/dev/x.yaml",
            vec![
                ("envs/dev/main.tf", reading("yamldecode(file(\"x.yaml\")).ra")),
                ("envs/dev/x.yaml", "ra: Enabled\n".to_owned()),
            ],
        ),
        (
            "one whose name is put together",
            "envs/dev/dev.json",
            vec![
                ("envs/dev/main.tf", reading("jsondecode(file(\"${var.env}.json\")).ra")),
                ("envs/dev/dev.json", "{\"ra\": \"Enabled\"}\n".to_owned()),
            ],
        ),
        (
            "a document of a unit",
            "live/dev/x.yaml",
            vec![("live/dev/terragrunt.hcl", unit.to_owned()), ("live/dev/x.yaml", "ra: Enabled\n".to_owned())],
        ),
        (
            "a command that names a file of values",
            "Makefile",
            vec![
                ("envs/dev/main.tf", root.clone()),
                ("conf/p.vars", "r = \"Enabled\"\n".to_owned()),
                ("Makefile", makefile.to_owned()),
            ],
        ),
        (
            "a command that sets a variable",
            "plan.sh",
            vec![
                ("envs/dev/main.tf", root.clone()),
                ("plan.sh", "terraform -chdir=envs/dev plan -var r=Enabled\n".to_owned()),
            ],
        ),
        (
            "the folder of a document",
            "conf",
            vec![
                ("envs/dev/main.tf", reading("yamldecode(file(\"../../conf/${var.env}.yaml\")).ra")),
                ("conf/dev.yaml", "ra: Enabled\n".to_owned()),
            ],
        ),
        (
            "a file that sets the environment of a unit",
            ".env",
            vec![("live/dev/terragrunt.hcl", asking.to_owned()), (".env", "NB_ROOT=Enabled\n".to_owned())],
        ),
        (
            "one that sets the environment of a unit in JSON",
            ".env",
            vec![
                ("live/dev/terragrunt.hcl.json", r#"{"terraform": {"source": "../../modules/nb"}, "inputs": {"ra": "${get_env(\"NB_ROOT\", \"Disabled\")}"}}"#.to_owned()),
                (".env", "NB_ROOT=Enabled\n".to_owned()),
            ],
        ),
        (
            "a folder whose files are counted",
            "envs/dev/on",
            vec![
                ("envs/dev/main.tf", reading("length(fileset(path.module, \"on/*\")) > 0 ? \"Enabled\" : \"Disabled\"")),
                ("envs/dev/on/nb", String::new()),
            ],
        ),
        (
            "a document that a condition of a unit hangs on",
            "live/dev/on/nb.yaml",
            vec![("live/dev/terragrunt.hcl", flags.to_owned()), ("live/dev/on/nb.yaml", "root: true\n".to_owned())],
        ),
        (
            "the folder of one",
            "live/dev/on",
            vec![("live/dev/terragrunt.hcl", flags.to_owned()), ("live/dev/on/nb.yaml", "root: true\n".to_owned())],
        ),
        (
            "a document of one of the workspaces",
            "conf/dev.json",
            vec![
                ("envs/dev/main.tf", workspace.clone()),
                ("conf/dev.json", "{\"ra\": \"Enabled\"}\n".to_owned()),
            ],
        ),
        (
            "the folder of those",
            "conf",
            vec![
                ("envs/dev/main.tf", workspace.clone()),
                ("conf/dev.json", "{\"ra\": \"Enabled\"}\n".to_owned()),
            ],
        ),
        (
            "code that is copied over the module of a unit",
            "live/dev/x_override.tf",
            vec![
                ("live/dev/terragrunt.hcl", "terraform {\n  source = \"../../modules/nb\"\n}\n".to_owned()),
                ("live/dev/x_override.tf", "variable \"ra\" {\n  default = \"Enabled\"\n}\n".to_owned()),
            ],
        ),
        (
            "what marks a module as a root",
            "modules/other/backend.tf",
            vec![
                ("modules/other/main.tf", MODULE.replace("\"Disabled\"", "\"Enabled\"")),
                ("modules/other/backend.tf", "terraform {\n  cloud {\n  }\n}\n".to_owned()),
                ("envs/dev/main.tf", call("Disabled").replace("/nb\"", "/other\"")),
            ],
        ),
        (
            "the folder of a command that sets a feature flag",
            "ci",
            vec![
                ("live/dev/terragrunt.hcl", flag.to_owned()),
                ("ci/plan.sh", "terragrunt run --all plan --feature root=true\n".to_owned()),
            ],
        ),
    ] {
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let own = [(".git/HEAD", ""), ("modules/nb/main.tf", MODULE), ("notes.txt", "none\n")];
        let folder = folder::with(&[&own, files.as_slice()].concat());
        let ended = run(unroot(folder.path()).args(["--check", named]));
        assert_eq!(ended.code, Some(1), "{about}: {} {}", ended.text(), ended.err);
        let ended = run(unroot(folder.path()).args(["--check", "notes.txt"]));
        assert_eq!(ended.code, Some(2), "{about}: {} {}", ended.text(), ended.err);
        assert!(ended.err.contains("notes.txt: no Terraform code"), "{about}: {}", ended.err);
    }
}

/// The code of a folder may be part of others, and of nothing where it lies.
#[cfg(unix)]
#[test]
fn a_folder_selects_what_links_make_of_its_code() {
    let declared = "variable \"r\" {\n  default = \"Enabled\"\n}\n";
    let folder = folder::with(&[
        (".git/HEAD", ""),
        ("modules/nb/main.tf", MODULE),
        ("envs/dev/main.tf", &call("x").replace("\"x\"", "var.r")),
        ("shared/variables.tf", declared),
        ("shared/nb/variables.tf", "variable \"tags\" {\n}\n"),
    ]);
    let link = |to: &str, at: &str| std::os::unix::fs::symlink(to, folder.path().join(at)).expect("a link can be made");
    link("../../shared/variables.tf", "envs/dev/variables.tf");
    for (path, code) in [("shared", 1), ("shared/variables.tf", 1), ("shared/nb", 0)] {
        let ended = run(unroot(folder.path()).args(["--check", path]));
        assert_eq!(ended.code, Some(code), "{path}: {} {}", ended.text(), ended.err);
    }
}

/// Above a link lie other folders than above what it leads to.
#[cfg(unix)]
#[test]
fn a_path_through_a_link_has_the_world_of_what_it_leads_to() {
    let folder = estate();
    let sibling = "component \"nb\" {\n  source = \"../repository/modules/nb\"\n}\n";
    folder::put(&folder.path().join("live/nb/terragrunt.hcl"), b"terraform {\n  source = \"../../modules/nb\"\n}\n");
    let around = folder::with(&[("sibling/main.tfcomponent.hcl", sibling)]);
    let top = around.path().join("repository");
    std::fs::rename(folder.path(), &top).expect("the folder can be moved");
    for (link, target) in [
        ("current", "envs/dev"),
        ("deep/a/b/module", "../../../modules/nb"),
        ("deep/a/b/caller", "../../../envs/dev"),
        ("deep/a/b/one.tf", "../../../envs/dev/main.tf"),
        ("units/nb/terragrunt.hcl", "../../live/nb/terragrunt.hcl"),
    ] {
        let at = top.join(link);
        std::fs::create_dir_all(at.parent().expect("a folder")).expect("a folder can be made");
        std::os::unix::fs::symlink(target, at).expect("a link can be made");
    }
    folder::put(&around.path().join("values"), b"ra = \"Enabled\"\n");
    let tfvars = top.join("modules/nb/terraform.tfvars");
    std::os::unix::fs::symlink("../../../values", tfvars).expect("a link can be made");
    let ended = run(unroot(&top).args(["--check", "modules/nb/terraform.tfvars"]));
    assert_eq!(ended.code, Some(1), "a link to elsewhere: {} {}", ended.text(), ended.err);
    std::fs::remove_file(top.join("modules/nb/terraform.tfvars")).expect("it was made");
    for (from, path) in [
        ("", "current"),
        ("", "current/main.tf"),
        ("", "deep/a/b/module"),
        ("deep/a/b", "caller"),
        ("deep/a/b", "caller/main.tf"),
        ("deep", "a/b/one.tf"),
        ("deep/a/b/module", "."),
        ("", "units/nb"),
    ] {
        let ended = run(unroot(&top.join(from)).args(["--check", path]));
        assert_eq!(ended.code, Some(1), "{path} from {from:?}: {} {}", ended.text(), ended.err);
        assert!(ended.text().contains("root-access-via-reference"), "{path} from {from:?}: {}", ended.text());
    }
}
