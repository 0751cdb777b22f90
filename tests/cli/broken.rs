//! What feeds a notebook and is broken: it is named, and the notebook does not comply.

use crate::support::folder;
use crate::support::program::{run, unroot};
use crate::world::MODULE;

/// Random estates: whatever lies on the way of a bad value is named alone, and the notebook is judged; whatever feeds a
/// notebook is broken, and nothing is called compliant.
#[test]
fn no_part_of_the_way_hides_a_notebook_and_nothing_broken_complies() {
    for seed in 0..24_u64 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1);
        let mut random = |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        let wrapped = random(2) == 1;
        let by_file = random(2) == 1;
        let module = if wrapped { "wrap" } else { "nb" };
        let value = if by_file { "var.r" } else { "\"Enabled\"" };
        let root = format!(
            "variable \"r\" {{\n  default = \"Disabled\"\n}}\nmodule \"x\" {{\n  source = \"../../modules/{module}\"\n  ra     = {value}\n}}\n"
        );
        let wrap = "variable \"ra\" {\n}\nmodule \"nb\" {\n  source = \"../nb\"\n  ra     = var.ra\n}\n";
        let name = ["terraform.tfvars", "dev.tfvars", "x.auto.tfvars"][usize::try_from(random(3)).expect("small")];
        let values = format!("envs/e/{name}");
        let mut way = vec![("modules/nb/main.tf", MODULE), ("envs/e/main.tf", root.as_str())];
        if wrapped {
            way.push(("modules/wrap/main.tf", wrap));
        }
        if by_file {
            way.push((&values, "r = \"Enabled\"\n"));
        }
        let tree = folder::with(&way);
        folder::put(&tree.path().join(".git/HEAD"), b"");
        for (path, _) in &way {
            let ended = run(unroot(tree.path()).args(["--check", path]));
            assert_eq!(ended.code, Some(1), "seed {seed}, {path}: {}", ended.text());
        }
        for (path, text) in way.iter().filter(|(path, _)| *path != "modules/nb/main.tf") {
            let at = text.find("\"Enabled\"").or_else(|| text.find("ra     = ")).unwrap_or(0);
            folder::put(&tree.path().join(path), format!("{} [ \"\n{}", &text[..at], &text[at..]).as_bytes());
            let ended = run(unroot(tree.path()).args(["--check"]));
            assert_ne!(ended.code, Some(0), "seed {seed}, {path} is broken: {}", ended.text());
            folder::put(&tree.path().join(path), text.as_bytes());
        }
    }
}

/// What `terraform init` has left of a registry module, and a call of it: one with the notebook in the module, one with
/// the module's output handed to a notebook of the tree.
#[test]
fn a_broken_list_of_installed_modules_hides_nothing() {
    const LIST: &str = r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"x","Source":"registry.terraform.io/acme/nb/aws","Version":"1.0.0","Dir":".terraform/modules/x"}]}"#;
    let call = "module \"x\" {\n  source = \"acme/nb/aws\"\n  ra     = \"Enabled\"\n}\n";
    let output = format!("{call}module \"nb\" {{\n  source = \"./nb\"\n  ra     = module.x.ra\n}}\n");
    for (main, installed) in
        [(call, MODULE), (output.as_str(), "variable \"ra\" {\n}\noutput \"ra\" {\n  value = var.ra\n}\n")]
    {
        let tree = folder::with(&[
            (".git/HEAD", ""),
            ("main.tf", main),
            ("nb/main.tf", if main == call { "" } else { MODULE }),
            (".terraform/modules/x/main.tf", installed),
            (".terraform/modules/modules.json", LIST),
        ]);
        let ended = run(unroot(tree.path()).arg("--check"));
        assert_eq!(ended.code, Some(1), "{}", ended.text());
        // Without the root itself, which `terraform init` writes down, and with a module below one that is not listed.
        let list = tree.path().join(".terraform/modules/modules.json");
        folder::put(&list, LIST.replace(r#"{"Key":"","Source":"","Dir":"."},"#, "").as_bytes());
        let ended = run(unroot(tree.path()).arg("--check"));
        assert_eq!(ended.code, Some(1), "{}", ended.text());
        folder::put(&list, LIST.replace(r#""Key":"x""#, r#""Key":"w.x""#).as_bytes());
        let ended = run(unroot(tree.path()).arg("--check"));
        assert_eq!(ended.code, Some(2), "{}", ended.text());
        assert!(ended.err.contains("lists a module below `w`, which it does not list"), "{}", ended.err);
        for broken in [&LIST[..LIST.len() / 2], "", "[]", "{\"Modules\": 1}"] {
            folder::put(&tree.path().join(".terraform/modules/modules.json"), broken.as_bytes());
            for path in [".", "main.tf"] {
                let ended = run(unroot(tree.path()).args(["--check", path]));
                assert_eq!(ended.code, Some(2), "{path}, {broken}: {}", ended.text());
                assert!(ended.err.contains(".terraform/modules/modules.json: not a list of modules"), "{}", ended.err);
            }
        }
    }
}

const BUCKET: &str = "resource \"aws_s3_bucket\" \"logs\" {\n  bucket = \"logs\"\n";
const COMPLIANT_CALL: &str = "module \"nb\" {\n  source = \"../../modules/nb\"\n  ra     = \"Disabled\"\n}\n";

/// `unroot --check PATH` in a repository with the notebook's module and some others.
fn judged(files: &[(&str, &str)], path: &str) -> crate::support::program::Ended {
    let own = [
        (".git/HEAD", ""),
        ("modules/nb/main.tf", MODULE),
        ("modules/net/main.tf", "locals {\n}\n"),
        ("modules/wrap/main.tf", "module \"net\" {\n  source = \"../net\"\n}\n"),
    ];
    let folder = folder::with(&[&own, files].concat());
    run(unroot(folder.path()).args(["--check", path]))
}

/// What is missing at the end of a file may be a call of a module that nothing else calls, and of one that is called from
/// where the file stands.
#[test]
fn a_file_that_is_cut_off_hides_no_caller() {
    const OTHER: &str = "module \"net\" {\n  source = \"../../modules/net\"\n}\n";
    const WRAPPER: &str = "module \"wrap\" {\n  source = \"../../modules/wrap2\"\n}\n";
    const WRAP: &str = "module \"nb\" {\n  source = \"../nb\"\n  ra     = \"Disabled\"\n}\n";
    const OUTPUT: &str = "output \"arn\" {\n  value = module.nb.arn\n}\n";
    for (about, files) in [
        ("in a block", vec![("envs/dev/main.tf", BUCKET)]),
        ("in a label", vec![("envs/dev/main.tf", "resource \"aws_s3_buc")]),
        ("behind its labels", vec![("envs/dev/main.tf", "variable \"ra\"")]),
        ("in a keyword", vec![("envs/dev/main.tf", "locals {\n}\nmodu")]),
        ("in JSON", vec![("envs/dev/main.tf.json", "{\"locals\": {\"a\": 1},\n")]),
        ("beside a call of something else", vec![("envs/dev/main.tf", BUCKET), ("envs/dev/net.tf", OTHER)]),
        (
            "beside a call that leads here",
            vec![("envs/dev/main.tf", BUCKET), ("envs/dev/nb.tf", WRAPPER), ("modules/wrap2/main.tf", WRAP)],
        ),
        ("beside another environment", vec![("envs/dev/main.tf", BUCKET), ("envs/prod/main.tf", COMPLIANT_CALL)]),
        ("under the name of another one", vec![("b/nb/main.tf", BUCKET), ("a/nb/main.tf", COMPLIANT_CALL)]),
        (
            "in a Terragrunt unit",
            vec![("live/dev/terragrunt.hcl", "terraform {\n  sour"), ("a/b/main.tf", COMPLIANT_CALL)],
        ),
        (
            "where the call is still referred to",
            vec![("a/main.tf", BUCKET), ("a/outputs.tf", OUTPUT), ("b/c/main.tf", COMPLIANT_CALL)],
        ),
        (
            "in a call, before its source",
            vec![("a/main.tf", "module \"x\" {\n  a = 1\n"), ("b/c/main.tf", COMPLIANT_CALL)],
        ),
        ("in a source", vec![("a/main.tf", "module \"x\" {\n  source = \"../mod"), ("b/c/main.tf", COMPLIANT_CALL)]),
        (
            "in a call whose source is put together",
            vec![("a/main.tf", "module \"x\" {\n  source = \"${local.m}/nb\"\n"), ("b/c/main.tf", COMPLIANT_CALL)],
        ),
    ] {
        for path in [".", "modules", files[0].0.rsplit_once('/').expect("a folder").0, files[0].0] {
            let ended = judged(&files, path);
            assert!(matches!(ended.code, Some(1 | 2)), "{about}, {path}: {} {}", ended.text(), ended.err);
            assert!(!ended.text().contains("1 compliant"), "{about}, {path}: {}", ended.text());
            let said = format!("{} {}", ended.text(), ended.err);
            assert!(said.contains(files[0].0), "{about}, {path}: {said}");
        }
    }
}

/// What cannot be read and calls nothing, or something else, as far as it goes, and stands where nothing calls the module,
/// is no matter of the notebook's.
#[test]
fn a_broken_file_elsewhere_is_no_gap_of_a_module_that_is_called() {
    const WHOLE: &str = "resource \"aws_s3_bucket\" \"logs\" {\n  a = [1, }\n}\n";
    const OTHER: &str = "module \"net\" {\n  source = \"../../modules/net\"\n  a = [1, }\n";
    let utf16: String = OTHER.chars().flat_map(|letter| [letter, '\0']).collect();
    for (about, path, text) in [
        ("whole, and calls nothing", "old/x/main.tf", WHOLE),
        ("whole, with a comment at its end", "old/x/main.tf", "locals {\n}\n# a \" b\n"),
        ("cut off in a block", "old/x/main.tf", BUCKET),
        ("cut off in JSON", "old/x/main.tf.json", "{\"locals\": {\"a\": 1},\n"),
        ("in a call of something else", "old/x/main.tf", OTHER),
        ("in a call from a registry", "old/x/main.tf", "module \"x\" {\n  source = \"acme/nb/aws\"\n  a = [1, }\n"),
        (
            "in a call of another folder",
            "old/x/main.tf",
            "module \"x\" {\n  source = \"${local.m}/net\"\n  a = [1, }\n",
        ),
        ("as if it were UTF-16", "old/x/main.tf", &utf16),
        (
            "in a unit of something else",
            "old/x/terragrunt.hcl",
            "terraform {\n  source = \"../../modules/net\"\n  a = [1, }\n",
        ),
        (
            "in the inputs of a unit of something else",
            "old/x/terragrunt.hcl",
            "terraform {\n  source = \"../../modules/net\"\n}\ninputs = {\n  ra = \"Enab",
        ),
        (
            "in the inputs of a unit from elsewhere",
            "old/x/terragrunt.hcl",
            "terraform {\n  source = \"git::https://example.com/a.git//nb\"\n}\ninputs = {\n  ra = \"Enab",
        ),
    ] {
        for named in [".", "modules"] {
            let ended = judged(&[(path, text), ("envs/prod/main.tf", COMPLIANT_CALL)], named);
            assert_eq!(ended.code, Some(0), "{about}, {named}: {} {}", ended.text(), ended.err);
            assert!(ended.text().contains("1 compliant"), "{about}, {named}: {}", ended.text());
        }
    }
    // A root module with a state is called by nobody, whatever is broken elsewhere; one with a provider may be.
    for (settings, code) in
        [("terraform {\n  backend \"s3\" {\n  }\n}\n", Some(0)), ("provider \"aws\" {\n}\n", Some(2))]
    {
        let root = MODULE.to_owned() + settings;
        let folder = folder::with(&[(".git/HEAD", ""), ("live/main.tf", &root), ("old/main.tf", BUCKET)]);
        let ended = run(unroot(folder.path()).args(["--check"]));
        assert_eq!(ended.code, code, "{settings}: {} {}", ended.text(), ended.err);
    }
}

/// What is broken may be another caller of the notebook's module, and says nothing about those that call it as they say.
#[test]
fn what_is_broken_is_one_instance_more() {
    let call = |value: &str| format!("module \"nb\" {{\n  source = \"../../modules/nb\"\n  ra     = {value}\n}}\n");
    let folder = folder::with(&[
        (".git/HEAD", ""),
        ("modules/nb/main.tf", MODULE),
        ("envs/dev/main.tf", &call("\"Enabled\"")),
        ("envs/prod/main.tf", &call("[1, }")),
    ]);
    let ended = run(unroot(folder.path()).arg("--check"));
    assert_eq!(ended.code, Some(2), "{}", ended.text());
    let said = "\"Enabled\" in 1 instance, unknown in 1; \"Enabled\" comes from envs/dev/main.tf:3";
    assert!(ended.text().contains(said), "{}", ended.text());
}

/// A configuration of Terragrunt under a name of its own, with one byte in each of the words that tell it; and a file of
/// another tool, which hands over nothing.
#[test]
fn a_broken_word_hides_no_configuration_under_a_name_of_its_own() {
    const UNIT: &str = "terraform {\n  source = \"../../modules/nb\"\n}\ninputs = { ra = \"Enabled\" }\n";
    let judged = |name: &str, bytes: &[u8]| {
        let tree = folder::with(&[(".git/HEAD", ""), ("modules/nb/main.tf", MODULE)]);
        folder::put(&tree.path().join(name), bytes);
        run(unroot(tree.path()).arg("--check"))
    };
    for word in ["terraform", "source", "inputs"] {
        let mut bytes = UNIT.as_bytes().to_vec();
        bytes.insert(UNIT.find(word).expect("the word") + 2, 0xff);
        let ended = judged("live/dev/prod.hcl", &bytes);
        assert_eq!(ended.code, Some(2), "{word}: {}", ended.text());
        assert!(ended.text().contains("cannot be determined: it depends on the "), "{word}: {}", ended.text());
    }
    let ended = judged(".tflint.hcl", b"plugin \"aws\" {\n  source = \"github.com/acme\n");
    assert_eq!(ended.code, Some(0), "{}", ended.text());
}

/// Nothing that is written elsewhere decides what an override file says that cannot be read, so there is no fix; that is no
/// mistake of the program's own.
#[test]
fn no_fix_is_proposed_beside_an_override_that_cannot_be_read() {
    const BROKEN: &str = "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access =\n";
    const JSON: &str = r#"{"resource": {"aws_sagemaker_notebook_instance": {"n": {"name": "n"}}}} x"#;
    let notebook = |argument: &str| {
        format!(
            "variable \"r\" {{\n  default = \"Enabled\"\n}}\nresource \"aws_sagemaker_notebook_instance\" \"n\" {{\n{argument}}}\n"
        )
    };
    for argument in ["", "  root_access = \"Enabled\"\n", "  root_access = var.r\n"] {
        for (name, text) in [("override.tf", BROKEN), ("x_override.tf", BROKEN), ("override.tf.json", JSON)] {
            let folder = folder::with(&[(".git/HEAD", ""), ("main.tf", &notebook(argument)), (name, text)]);
            let ended = run(unroot(folder.path()).args(["--write", "--unsafe-fixes"]));
            assert_eq!(ended.code, Some(2), "{}", ended.text());
            assert!(ended.text().contains(&format!("the part of {name} ")), "{}", ended.text());
            assert!(!ended.text().contains("bug in unroot"), "{}", ended.text());
            assert!(ended.text().contains("1 for review; 1 error"), "{}", ended.text());
        }
    }
}

/// An address that fetches this very repository leads into it, and what a stray byte has left of one may.
#[test]
fn a_stray_byte_hides_no_unit_whose_source_is_fetched() {
    const CONFIG: &str = "[remote \"origin\"]\n\turl = git@github.com:acme/infra.git\n";
    for source in ["git@github.com:acme/infra.git//nb?ref=v1", "git::../..//nb"] {
        let unit = format!("terraform {{\n  source = \"{source}\"\n}}\ninputs = {{ ra = \"Enabled\" }}\n");
        for at in [unit.find('{').expect("a brace") + 1, unit.find(source).expect("the source") + 3] {
            let mut bytes = unit.clone().into_bytes();
            bytes.insert(at, 0xff);
            let tree =
                folder::with(&[(".git/HEAD", ""), (".git/config", CONFIG), ("nb/main.tf", crate::world::MODULE)]);
            folder::put(&tree.path().join("live/u/terragrunt.hcl"), &bytes);
            let ended = run(unroot(tree.path()).arg("--check"));
            assert_eq!(ended.code, Some(2), "{}: {}", bytes.escape_ascii(), ended.text());
            assert!(!ended.text().contains(" compliant"), "{}: {}", bytes.escape_ascii(), ended.text());
        }
    }
}
