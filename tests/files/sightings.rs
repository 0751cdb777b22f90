//! A search for callers begins with what the walk came by, and finds what it would find by itself.

use std::fs;
use std::os::unix::fs::symlink;

use tempfile::TempDir;
use unroot::discover::{References, Sightings, Walk, discover, references};

use crate::tree::{root, tree, walk};

/// What a search finds after a walk, and without one.
fn both(folder: &TempDir, settings: &Walk) -> [References; 2] {
    let root = [root(folder)];
    let search = |sightings| references(&root, settings, sightings, &|_| {});
    [search(walk(&root, settings).sightings), search(Sightings::default())]
}

/// A tree with whatever says something of callers, where walks come by and where they do not.
fn everything() -> TempDir {
    let call = |to: &str| format!("module \"m\" {{\n  source = \"{to}\"\n}}\n");
    let texts = [
        (".gitignore", "out/\n*.gen.tf\n*.sh\n".to_owned()),
        ("main.tf", call("./m")),
        ("gone.tf", call("./gone")),
        ("m/main.tf", ["a", "b", "c", "d"].map(|name| format!("variable \"{name}\" {{}}\n")).concat()),
        ("composed/main.tf", call("../${var.m}")),
        ("cut/main.tf", "module \"m\" {\n  source".to_owned()),
        ("long/main.tf", format!("# {}\n{}", "-".repeat(70_000), call("../m"))),
        ("wide/main.tf", "\u{feff}a".to_owned()),
        ("sets/main.tf", "resource \"tfe_variable\" \"a\" {\n  key = \"b\"\n}\n# TF_VAR_c=1\n".to_owned()),
        ("out/main.tf", call("../m")),
        ("out/deep/run.yaml", "run: terraform apply -var-file=../a.tfvars\n".to_owned()),
        ("a.gen.tf", call("./m")),
        ("run.sh", "terraform -chdir=m plan -var-file x.tfvars -var a=1\n".to_owned()),
        (".hidden/main.tf", call("../m")),
        (".dot.tf", call("./m")),
        (".github/ci.yaml", "TF_VAR_d: 1\n".to_owned()),
        ("left/main.tf", call("../m")),
        ("x.tfvars", "a = 1\n".to_owned()),
        ("out/y.tfvars", "a = 1\n".to_owned()),
        ("live/terragrunt.hcl", "terraform {\n  source = \"../m\"\n}\n".to_owned()),
        ("live/own.hcl", "terraform {\n  source = \"../m\"\n}\n".to_owned()),
        ("live/named.hcl", "locals {}\n".to_owned()),
        ("live/README.md", "terragrunt plan --config named.hcl\n".to_owned()),
        (".terraform/modules/modules.json", r#"{"Modules":[]}"#.to_owned()),
        ("out/.terraform/modules/modules.json", r#"{"Modules":[]}"#.to_owned()),
        (".terraform/main.tf", call("../m")),
    ];
    let files: Vec<String> = texts.iter().map(|(name, text)| format!("{name}: {text}")).collect();
    let folder = tree(&files.iter().map(String::as_str).collect::<Vec<_>>());
    let path = |name: &str| folder.path().join(name);
    let wide: Vec<u8> = "\u{feff}locals {}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(path("wide/main.tf"), wide).expect("a file");
    for (link, to) in [
        ("link.tf", "m/main.tf"),
        ("out/link.tf", "../m/main.tf"),
        ("broken.tf", "nowhere"),
        ("units", "live"),
        (".units", "live"),
        ("copy/.terraform", "../m"),
    ] {
        fs::create_dir_all(path(link).parent().expect("a folder")).expect("a folder");
        symlink(to, path(link)).expect("a link");
    }
    folder
}

#[test]
fn a_search_finds_the_same_with_what_a_walk_saw_and_without() {
    let folder = everything();
    for in_repository in [false, true] {
        if in_repository {
            fs::create_dir(folder.path().join(".git")).expect("a folder");
        }
        for (hidden, no_ignore, exclude, threads) in [
            (false, false, "", 1),
            (false, false, "", 4),
            (true, false, "", 2),
            (false, true, "left", 2),
            (false, false, "*.tf", 2),
        ] {
            let exclude = Some(exclude.to_owned()).filter(|glob| !glob.is_empty()).into_iter().collect();
            let settings = Walk { exclude, hidden, no_ignore, threads: Some(threads) };
            let [after, alone] = both(&folder, &settings);
            assert_eq!(after, alone, "{settings:?}");
            let handed = after.texts.read(&settings, &|_| {});
            // A link out of a folder leads out of what may be read there, unless a repository is around.
            let unread = if in_repository { 2 } else { 3 };
            let found = [
                after.quoted.len(),
                after.terragrunt.len(),
                after.candidates.len(),
                after.manifests.len(),
                after.links.len(),
                after.composed.len(),
                after.cut_off.len(),
                after.unread.len(),
                handed.configurations.len(),
                handed.values.len(),
                handed.variables.len(),
                handed.files_of_values.len(),
            ];
            assert_eq!(found, [7, 3, 1, 2, 2, 3, 1, unread, 1, 2, 4, 2], "{after:#?} {handed:#?}");
        }
    }
}

#[test]
fn what_a_walk_has_read_is_not_read_again() {
    let folder = tree(&["main.tf: module \"m\" {\n  source = \"./m\"\n}\n", "m/a.tf: locals {}"]);
    let root = [root(&folder)];
    let sightings = discover(&root, &Walk::default(), &|_| {}).expect("no globs").sightings;
    fs::remove_file(folder.path().join("main.tf")).expect("it is there");
    let search = |folders: &[_], sightings| references(folders, &Walk::default(), sightings, &|_| {});
    assert_eq!(search(&root, sightings.clone()).quoted.len(), 1);
    let other = [root[0].join("m")];
    assert_eq!(search(&other, sightings).quoted.len(), 0, "a walk over another folder says nothing");
}
