//! Files that several folders hold, one by one.

use crate::repository::Repository;
use crate::support::program::git;
use crate::support::terraform;

const NOTEBOOK: &str = "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = ACCESS\n}\n";
const OTHER: &str = "resource \"terraform_data\" \"o\" {\n  input = ACCESS\n}\n";
const VARIABLE: &str = "variable \"access\" {\n  default = \"Enabled\"\n}\n";
const REQUIRED: &str = "variable \"access\" {\n  type = string\n}\n";

/// Two roots that share one more file: the first has a notebook, the second is `other`.
fn two(files: &[(&str, &str)], links: &[(&str, &str)], access: &str, other: &str) -> Repository {
    let mut repository = Repository::default();
    repository.add("a/main.tf", &NOTEBOOK.replace("ACCESS", access));
    repository.add("b/main.tf", &other.replace("ACCESS", access).replace("\"n\"", "\"m\""));
    for (path, text) in files {
        repository.add(*path, text);
    }
    repository.links = links.iter().map(|(path, target)| ((*path).to_owned(), (*target).to_owned())).collect();
    repository.roots = ["a", "b"].map(|root| (root.to_owned(), Vec::new())).to_vec();
    repository
}

/// Fixes a repository, and says which of its files changed.
fn changed(repository: &Repository) -> Vec<&str> {
    if terraform::is_there() {
        let said = repository.judge().unwrap_or_else(|error| panic!("{error}"));
        assert!(said.is_some(), "Terraform plans it");
    }
    let folder = repository.make();
    Repository::fix(folder.path());
    let is_changed = |(path, text): &(&String, &String)| {
        std::fs::read_to_string(folder.path().join(path)).expect("a readable file") != **text
    };
    repository.files.iter().filter(is_changed).map(|(path, _)| path.as_str()).collect()
}

#[test]
fn a_linked_file_feeds_every_folder_that_holds_it() {
    let links = [("a/shared.tf", "../shared/shared.tf"), ("b/shared.tf", "../shared/shared.tf")];
    let variable = [("shared/shared.tf", VARIABLE)];
    assert_eq!(changed(&two(&variable, &links, "var.access", OTHER)), ["a/main.tf"]);
    assert_eq!(changed(&two(&variable, &links, "var.access", NOTEBOOK)), ["shared/shared.tf"]);
    let local = [("shared/shared.tf", "locals {\n  access = \"Enabled\"\n}\n")];
    assert_eq!(changed(&two(&local, &links, "local.access", OTHER)), ["a/main.tf"]);
}

#[test]
fn a_file_linked_from_another_folder_feeds_that_too() {
    let local = [("a/locals.tf", "locals {\n  access = \"Enabled\"\n}\n")];
    let links = [("b/locals.tf", "../a/locals.tf")];
    assert_eq!(changed(&two(&local, &links, "local.access", OTHER)), ["a/main.tf"]);
}

#[test]
fn linked_files_of_values_feed_every_root_that_reads_them() {
    let files = [
        ("a/variables.tf", REQUIRED),
        ("b/variables.tf", REQUIRED),
        ("shared/terraform.tfvars", "access = \"Enabled\"\n"),
    ];
    let links =
        [("a/terraform.tfvars", "../shared/terraform.tfvars"), ("b/terraform.tfvars", "../shared/terraform.tfvars")];
    assert_eq!(changed(&two(&files, &links, "var.access", OTHER)), ["a/main.tf"]);
    assert_eq!(changed(&two(&files, &links, "var.access", NOTEBOOK)), ["shared/terraform.tfvars"]);
}

#[test]
fn a_linked_notebook_is_judged_in_every_folder_that_holds_it() {
    let variable = |value: &str| VARIABLE.replace("Enabled", value);
    let (good, bad) = (variable("Disabled"), variable("Enabled"));
    let mut repository = two(&[("a/variables.tf", &good), ("b/variables.tf", &bad)], &[], "var.access", OTHER);
    repository.files.remove("b/main.tf");
    repository.links.insert("b/main.tf".to_owned(), "../a/main.tf".to_owned());
    assert_eq!(changed(&repository), ["b/variables.tf"]);

    // A folder that holds nothing but links and values.
    let mut repository =
        two(&[("a/variables.tf", &good), ("b/terraform.tfvars", "access = \"Enabled\"\n")], &[], "var.access", OTHER);
    repository.files.remove("b/main.tf");
    for name in ["main.tf", "variables.tf"] {
        repository.links.insert(format!("b/{name}"), format!("../a/{name}"));
    }
    assert_eq!(changed(&repository), ["b/terraform.tfvars"]);
}

#[test]
fn what_git_ignores_is_not_edited() {
    let mut repository = Repository::default();
    repository.add(".gitignore", "*.tfvars\n*_override.tf\n");
    repository.add("a/main.tf", &NOTEBOOK.replace("ACCESS", "var.access"));
    repository.add("a/variables.tf", REQUIRED);
    repository.add("a/terraform.tfvars", "access = \"Enabled\"\n");
    repository.roots.push(("a".to_owned(), Vec::new()));
    assert_eq!(changed(&repository), ["a/main.tf"]);

    repository.add("a/x_override.tf", &NOTEBOOK.replace("ACCESS", "\"Enabled\""));
    assert_eq!(changed(&repository), [""; 0]);
    let said = Repository::fix(repository.make().path());
    assert!(said.iter().all(|(_, _, status)| status == "review"), "{said:?}");

    // In git's index, they are what a checkout has, whatever the list says.
    let folder = repository.make();
    std::fs::remove_dir_all(folder.path().join(".git")).expect("a folder");
    for arguments in [&["init", "-q"][..], &["add", "-f", "."]] {
        git(folder.path(), arguments, b"").unwrap_or_else(|error| panic!("{error}"));
    }
    let said = Repository::fix(folder.path());
    assert!(said.iter().all(|(_, _, status)| status == "fixed"), "{said:?}");
}

#[test]
fn a_unit_whose_code_lies_elsewhere_is_fed_by_what_it_includes() {
    let unit = |source: &str| {
        format!(
            "include \"root\" {{\n  path = find_in_parent_folders(\"root.hcl\")\n}}\n\nterraform {{\n  source = \"{source}\"\n}}\n"
        )
    };
    let mut repository = Repository::default();
    repository.add("modules/nb/main.tf", &format!("{REQUIRED}\n{}", NOTEBOOK.replace("ACCESS", "var.access")));
    repository.add("live/root.hcl", "inputs = {\n  access = \"Enabled\"\n}\n");
    repository.add("live/nb/terragrunt.hcl", &unit("../../modules/nb"));
    assert_eq!(changed(&repository), ["live/root.hcl"]);
    repository.add("live/vpn/terragrunt.hcl", &unit("git::https://example.com/vpn.git"));
    assert_eq!(changed(&repository), ["modules/nb/main.tf"]);
}
