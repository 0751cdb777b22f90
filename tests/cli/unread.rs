//! What cannot be read at all and may feed a notebook: nothing beside it complies, and it is named.

use crate::support::folder;
use crate::support::program::{run, unroot};
use crate::world::MODULE;

/// What a command means by a computed name is given to a module that has all the variables which are left of it, and what
/// Terragrunt names may be behind a link somewhere else.
#[test]
fn values_that_cannot_be_read_belong_to_whom_they_may_be_given() {
    const UNIT: &str = "terraform {\n  source = \"../../modules/nb\"\n";
    let arguments = format!(
        "{UNIT}  extra_arguments \"v\" {{\n    commands = [\"plan\"]\n    required_var_files = [\"${{get_terragrunt_dir()}}/../common.tfvars\"]\n  }}\n}}\n"
    );
    let optional = format!(
        "{UNIT}}}\ninclude \"root\" {{\n  path = find_in_parent_folders(\"common.hcl\", \"none.hcl\")\n}}\ninputs = {{ ra = try(read_terragrunt_config(\"../common.hcl\").inputs.ra, \"Disabled\") }}\n"
    );
    let workflow = "steps:\n  - uses: dflook/terraform-plan@v1\n    with:\n      path: modules/nb\n      var_file: |\n        config/dev.tfvars\n";
    let (wide, narrow) = (b"\xff\xfer\0a\0=\0\"\0".as_slice(), b"ra = Enabled\"\n".as_slice());
    for (about, named, text, file, contents) in [
        ("UTF-16", ".github/workflows/p.yaml", workflow, "config/dev.tfvars", Some(wide)),
        ("a lost quote", ".github/workflows/p.yaml", workflow, "config/dev.tfvars", Some(narrow)),
        ("a lost link", ".github/workflows/p.yaml", workflow, "config/dev.tfvars", None),
        ("arguments", "live/dev/terragrunt.hcl", arguments.as_str(), "live/common.tfvars", None),
        ("what is tried", "live/dev/terragrunt.hcl", optional.as_str(), "live/common.hcl", None),
    ] {
        let tree = folder::with(&[(".git/HEAD", ""), ("modules/nb/main.tf", MODULE), (named, text)]);
        assert_hides_nothing(about, tree.path(), file, contents);
    }
}

/// A file that takes the place of another is a gap or an error, whatever it contains; without contents it is a link that
/// leads nowhere.
fn assert_hides_nothing(about: &str, tree: &std::path::Path, file: &str, contents: Option<&[u8]>) {
    match contents {
        Some(bytes) => folder::put(&tree.join(file), bytes),
        #[cfg(unix)]
        None => {
            std::fs::create_dir_all(tree.join(file).parent().expect("a folder")).expect("folders");
            std::os::unix::fs::symlink("nowhere", tree.join(file)).expect("a link");
        }
        #[cfg(not(unix))]
        None => return,
    }
    let ended = run(unroot(tree).arg("--check"));
    assert_ne!(ended.code, Some(0), "{about}: {}", ended.text());
    // Terragrunt's configuration stands for what it names.
    let said = format!("{}{}", ended.text(), ended.err);
    assert!([file, "live/dev/terragrunt.hcl:"].iter().any(|place| said.contains(place)), "{about}: {said}");
}

/// Under a name that Terragrunt is told to take, beside the code that it runs, and in a list of what is installed.
#[test]
fn no_configuration_that_cannot_be_read_hides_what_it_hands_over() {
    const CALL: &str = "module \"nb\" {\n  source = \"acme/nb/aws\"\n  ra     = \"Enabled\"\n}\n";
    let unit = "terraform {\n  source = \"../../modules/nb\"\n}\ninputs = { ra = \"Enabled\" }\n";
    let wide: Vec<u8> = [0xfeff].into_iter().chain(unit.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let plan = ("Makefile", "plan:\n\tcd live/dev && terragrunt plan --config nb.hcl\n");
    let other = ("README", "");
    for (about, beside, file, contents) in [
        ("named, UTF-16", plan, "live/dev/nb.hcl", Some(wide.as_slice())),
        ("named, a lost link", plan, "live/dev/nb.hcl", None),
        ("unnamed, UTF-16", other, "live/dev/nb.hcl", Some(wide.as_slice())),
        ("unnamed, a lost link", other, "live/dev/nb.hcl", None),
        ("beside its code", other, "modules/nb/terragrunt.hcl", None),
        ("a list", ("root/main.tf", CALL), "root/.terraform/modules/modules.json", None),
    ] {
        let tree = folder::with(&[(".git/HEAD", ""), ("modules/nb/main.tf", MODULE), beside]);
        assert_hides_nothing(about, tree.path(), file, contents);
    }
}

/// What would have marked a folder as one that is run by itself may stand in it.
#[test]
fn a_folder_with_broken_settings_may_be_a_root() {
    let called = MODULE.replace("\"Disabled\"", "\"Enabled\"");
    for settings in ["{\"terraform\": {\"cloud\": {\"organization\": \"x\",}}}", "\u{feff}{\"terraform\": {\"cloud"] {
        let tree = folder::with(&[
            (".git/HEAD", ""),
            ("nb/main.tf", &called),
            ("nb/versions.tf.json", settings),
            ("live/main.tf", "module \"nb\" {\n  source = \"../nb\"\n  ra     = \"Disabled\"\n}\n"),
        ]);
        let ended = run(unroot(tree.path()).arg("--check"));
        assert_ne!(ended.code, Some(0), "{settings}: {}", ended.text());
    }
}

/// It may set any variable of the code beside it.
#[cfg(unix)]
#[test]
fn a_script_that_may_not_be_read_is_a_gap() {
    use std::os::unix::fs::PermissionsExt;
    for (file, is_gap) in [("nb/Makefile", true), ("nb/logo.png", false)] {
        let tree = folder::with(&[(".git/HEAD", ""), ("nb/main.tf", MODULE), (file, "")]);
        std::fs::set_permissions(tree.path().join(file), PermissionsExt::from_mode(0o000)).expect("a mode");
        let ended = run(&mut crate::refused::bound(tree.path(), &["--check"]));
        assert_eq!(ended.code, Some(i32::from(is_gap)), "{file}: {}", ended.text());
        assert_eq!(ended.text().contains(&format!("{file}, which cannot be read")), is_gap, "{}", ended.text());
    }
}

/// Where Terraform runs, git-crypt has unlocked it.
#[test]
fn a_document_that_is_locked_is_not_known() {
    let caller = "module \"nb\" {\n  source = \"../modules/nb\"\n  ra     = try(yamldecode(file(\"${path.module}/nb.yaml\")).ra, \"Disabled\")\n}\n";
    let folder = folder::with(&[(".git/HEAD", ""), ("modules/nb/main.tf", MODULE), ("live/main.tf", caller)]);
    for (contents, code) in [(&b"\0GITCRYPT\0\xfe\xff"[..], 1), (b"ra: Disabled\n", 0), (b"# caf\xe9\n", 0)] {
        folder::put(&folder.path().join("live/nb.yaml"), contents);
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(code), "{}: {}", contents.escape_ascii(), ended.text());
    }
}
