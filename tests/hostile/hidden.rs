//! Code that Terraform deploys and that a repository would have us not see.

use crate::MISSING;
use crate::support::folder;
use crate::support::program::{git, run, unroot};

#[test]
fn git_does_not_ignore_what_it_keeps() {
    for version in ["2", "3", "4"] {
        for format in ["sha1", "sha256"] {
            let folder = folder::with(&[
                (".gitignore", "*.gen.tf\nbuild/\nlink.tf\n"),
                ("a.gen.tf", MISSING),
                ("build/deep/b.tf", MISSING),
                ("build/a-name-that-shares-its-start.tf", MISSING),
                ("build/a-name-that-shares-its-start-with-another.tf", MISSING),
                ("build/not-kept.tf", MISSING),
                ("build/.hidden.tf", MISSING),
                ("seen.tf", MISSING),
                ("real.txt", MISSING),
            ]);
            std::os::unix::fs::symlink("real.txt", folder.path().join("link.tf")).expect("a link");
            let kept = ["a.gen.tf", "build/deep", "build/.hidden.tf", "link.tf", "seen.tf"];
            let shared = "build/a-name-that-shares-its-start";
            let shared = [format!("{shared}.tf"), format!("{shared}-with-another.tf")];
            let in_folder = |arguments: &[&str]| git(folder.path(), arguments, b"").expect("git is there");
            in_folder(&["init", "--quiet", &format!("--object-format={format}")]);
            in_folder(&[&["add", "--force"][..], &kept, &shared.each_ref().map(String::as_str)].concat());
            if version == "3" {
                // An extended entry is what makes git write this version.
                git(folder.path(), &["add", "--force", "--intent-to-add", "build/not-kept.tf"], b"").expect("git");
                std::fs::remove_file(folder.path().join("build/not-kept.tf")).expect("the file");
            } else {
                in_folder(&["update-index", "--index-version", version]);
            }
            let ended = run(unroot(folder.path()).arg("--check"));
            let mut found: Vec<&str> =
                ended.text().lines().filter_map(|line| line.split_once(":1:1: ")).map(|(file, _)| file).collect();
            found.sort_unstable();
            let expected = ["a.gen.tf", &shared[1], &shared[0], "build/deep/b.tf", "link.tf", "seen.tf"];
            assert_eq!(found, expected, "version {version}, {format}: {ended:?}");
            let below = run(unroot(folder.path()).args(["--check", "build/deep"]));
            assert!(below.text().contains("build/deep/b.tf:1:1: "), "{below:?}");
            let excluded = run(unroot(folder.path()).args(["--check", "--exclude", "build/", "--exclude", "*.gen.tf"]));
            assert!(excluded.text().contains("2 notebooks"), "{excluded:?}");
        }
    }
}

#[test]
fn a_type_is_spelled_with_escapes() {
    for escape in ["\\u005f", "\\U0000005f", "\\U0000005F"] {
        let code = MISSING.replace("sagemaker_notebook", &format!("sagemaker{escape}notebook"));
        let folder = folder::with(&[("main.tf", &code)]);
        let ended = run(unroot(folder.path()).arg("--check"));
        assert!(
            ended.text().contains("main.tf:1:1: root-access-missing: aws_sagemaker_notebook_instance.main"),
            "{ended:?}"
        );
        let ended = run(unroot(folder.path()).arg("--write"));
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }
}

#[test]
fn a_module_lies_in_a_folder_that_walks_pass_by() {
    let call = |source: &str| format!("module \"x\" {{\n  source = \"{source}\"\n}}\n");
    for hidden in [".hidden", ".terraform/evil", "m/.h/.deep", ".git/m"] {
        let folder = folder::with(&[
            ("main.tf", &call(&format!("./{hidden}"))),
            (&format!("{hidden}/a.tf"), &call("./.next")),
            (&format!("{hidden}/.next/b.tf"), MISSING),
            (&format!("{hidden}/beside/c.tf"), MISSING),
            (".git/HEAD", ""),
        ]);
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(1), "{hidden}: {ended:?}");
        assert!(ended.text().contains(&format!("{hidden}/.next/b.tf:1:1: ")), "{}", ended.text());
        assert!(ended.text().contains("1 notebook in 3 Terraform files"), "{}", ended.text());
    }
}

/// A call of a module folder.
fn call(source: &str) -> String {
    format!("module \"x\" {{\n  source = \"{source}\"\n}}\n")
}

/// What the run says of the files that it leaves out, in one format.
fn said(folder: &std::path::Path, format: &str, arguments: &[&str]) -> String {
    let ended = run(unroot(folder).args(["--check", "--format", format]).args(arguments));
    if format == "diff" { ended.err } else { ended.text().to_owned() }
}

#[test]
fn what_is_left_out_is_counted_in_every_format() {
    let folder = folder::with(&[
        (".git/HEAD", ""),
        ("main.tf", "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = \"Disabled\"\n}\n"),
        ("unroot.toml", "exclude = [\"m/\", \"gen_*.tf\"]\n"),
        ("m/main.tf", MISSING),
        ("m/deep/.er/main.tf", MISSING),
        ("gen_a.tf", MISSING),
        ("m/vpc.tf", "resource \"aws_vpc\" \"m\" {}\n"),
        (".infra/main.tf", MISSING),
        (".infra/.emacs.tf", MISSING),
        (".infra/.terraform/a.tf", MISSING),
        (".emacs.tf", MISSING),
    ]);
    let sentence = "4 Terraform files that mention a notebook are not judged: 3 left out by `exclude` in the settings file, 1 in hidden folders.";
    for format in ["text", "diff", "sarif", "github", "gitlab", "junit", "rdjson"] {
        let said = said(folder.path(), format, &[]);
        assert!(said.contains(sentence), "{format}: {said}");
    }
    let csv = said(folder.path(), "csv", &[]);
    let rows = csv.lines().filter(|row| row.starts_with("not-judged,"));
    assert_eq!(rows.count(), 4, "{csv}");
    let markdown = said(folder.path(), "markdown", &[]);
    assert!(markdown.contains("## Left out") && markdown.contains("- `.infra/main.tf`: "), "{markdown}");
    let json: serde_json::Value = serde_json::from_str(&said(folder.path(), "json", &[])).expect("JSON");
    assert_eq!(json["summary"]["left_out"], 4);
    let file = |place: usize| (json["left_out"][place]["file"].as_str(), json["left_out"][place]["reason"].as_str());
    assert_eq!((file(0), file(3)), ((Some(".infra/main.tf"), Some("hidden")), (Some("m/main.tf"), Some("settings"))));
    // Whoever does not trust the settings of the repository passes them over.
    let text = said(folder.path(), "text", &["--no-config"]);
    assert!(text.contains("3 fixable") || text.contains("m/main.tf:1:1: root-access-missing"), "{text}");
    assert!(text.contains("2 Terraform files that mention a notebook are not judged: 2 in hidden folders."), "{text}");
    let text = said(folder.path(), "text", &["--no-config", "--hidden"]);
    assert!(!text.contains("not judged") && text.contains(".infra/main.tf:1:1: "), "{text}");
    let text = said(folder.path(), "text", &["--no-config", "--exclude", "m/"]);
    assert!(
        text.contains("3 Terraform files that mention a notebook are not judged: 2 left out by --exclude, 1 in"),
        "{text}"
    );
    let verbose = run(unroot(folder.path()).args(["--check", "-v"]));
    for file in ["m/main.tf", "m/deep/.er/main.tf", "gen_a.tf", ".infra/main.tf"] {
        assert!(verbose.err.contains(&format!("note: {file}: mentions a notebook")), "{}", verbose.err);
    }
}

#[test]
fn what_the_paths_reach_and_is_left_out_is_counted() {
    let folder = folder::with(&[
        (".git/HEAD", ""),
        ("envs/dev/main.tf", &call("../../m")),
        ("m/main.tf", MISSING),
        ("other/main.tf", MISSING),
    ]);
    for arguments in [&["--exclude", "m/", "--exclude", "other/"][..], &["--exclude", "/m", "--exclude", "other"]] {
        let ended = run(unroot(folder.path()).args(["--check", "envs/dev"]).args(arguments));
        assert!(ended.text().contains("1 Terraform file that mentions a notebook is not judged"), "{ended:?}");
    }
}

#[test]
fn a_file_that_git_keeps_and_ignores_is_left_out_in_a_hidden_folder() {
    let folder = folder::with(&[(".gitignore", "*.gen.tf\n"), (".h/a.gen.tf", MISSING), (".h/b.gen.tf", MISSING)]);
    git(folder.path(), &["init", "--quiet"], b"").expect("git is there");
    git(folder.path(), &["add", "--force", ".h/a.gen.tf"], b"").expect("git is there");
    let text = said(folder.path(), "text", &[]);
    assert!(text.contains("1 Terraform file that mentions a notebook is not judged: 1 in hidden folders"), "{text}");
}

#[test]
fn git_does_not_ignore_what_it_keeps_in_another_form() {
    let kept = |folder: &std::path::Path| {
        let ended = run(unroot(folder).arg("--check"));
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let mut found: Vec<String> =
            ended.text().lines().filter_map(|line| Some(line.split_once(":1:1: ")?.0.to_owned())).collect();
        found.sort();
        found
    };
    let git = |folder: &std::path::Path, arguments: &[&str]| git(folder, arguments, b"").expect("git is there");
    let files = [("repo/.gitignore", "*.gen.tf\n"), ("repo/a.gen.tf", MISSING), ("repo/b.gen.tf", MISSING)];
    let committed = |folder: &std::path::Path| {
        git(folder, &["init", "--quiet"]);
        git(folder, &["add", "--force", ".gitignore", "a.gen.tf"]);
        let name = ["-c", "user.name=n", "-c", "user.email=e", "commit", "--quiet", "-m", "m"];
        git(folder, &name);
    };
    // An index that shares its entries with another file.
    let folder = folder::with(&files);
    let repo = folder.path().join("repo");
    committed(&repo);
    git(&repo, &["update-index", "--split-index"]);
    assert_eq!(kept(&repo), ["a.gen.tf"]);
    // A further work tree, whose index lies in the repository it belongs to.
    git(&repo, &["worktree", "add", "--quiet", "../tree"]);
    let tree = folder.path().join("tree");
    folder::put(&tree.join("b.gen.tf"), MISSING.as_bytes());
    assert_eq!(kept(&tree), ["a.gen.tf"]);
    // A submodule, which its repository ignores, with an index of its own.
    let above = folder.path().join("above");
    folder::put(&above.join(".gitignore"), b"sub\n");
    git(&above, &["init", "--quiet"]);
    let local = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "--force", "../repo", "sub"];
    git(&above, &local);
    folder::put(&above.join("sub/b.gen.tf"), MISSING.as_bytes());
    assert_eq!(kept(&above), ["sub/a.gen.tf"]);
    assert_eq!(kept(&above.join("sub")), ["a.gen.tf"]);
}

#[test]
fn an_index_that_cannot_be_read_is_an_error() {
    let folder =
        folder::with(&[(".git/index", "DIRC\0\0\0\x09 from the future"), (".git/HEAD", ""), ("main.tf", MISSING)]);
    let ended = run(unroot(folder.path()).arg("--check"));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.err.contains(".git/index: not an index as git writes it"), "{}", ended.err);
    assert_eq!(run(unroot(folder.path()).args(["--check", "--no-ignore"])).code, Some(1));
}

#[test]
fn a_list_of_ignored_files_leads_out_through_a_link_to_its_folder() {
    let folder = folder::with(&[
        ("repo/.git/HEAD", ""),
        ("repo/real/main.tf", MISSING),
        ("repo/real/deep/main.tf", MISSING),
        ("outside/list", "*.tf\n"),
    ]);
    let repo = folder.path().join("repo");
    std::os::unix::fs::symlink("../../outside/list", repo.join("real/.gitignore")).expect("a link");
    std::os::unix::fs::symlink("real", repo.join("link")).expect("a link");
    std::os::unix::fs::symlink("real/deep", repo.join("deep")).expect("a link");
    for (here, path) in [("repo", "link"), ("repo", "deep"), ("repo/link", "."), ("repo", "."), ("", "repo/link/deep")]
    {
        let ended = run(unroot(&folder.path().join(here)).args(["--check", path]));
        assert_eq!(ended.code, Some(2), "{here} {path}: {ended:?}");
        assert!(ended.err.contains(".gitignore: not a short regular file of the repository"), "{}", ended.err);
        assert!(ended.text().contains("main.tf:1:1: root-access-missing"), "{ended:?}");
    }
}

#[test]
fn a_call_leads_to_a_folder_that_git_ignores_or_is_spelled_with_escapes() {
    for (place, source) in [
        ("build/m", "./build/m"),
        ("build/m", "./x/../build/m"),
        (".hidden", "./\\u002ehidden"),
        (".hidden", "\\u002e/\\U0000002ehidden"),
        (".terraform/m", "./\\u002eterraform/m"),
    ] {
        let folder = folder::with(&[
            (".git/HEAD", ""),
            (".gitignore", "build/\n"),
            ("main.tf", &call(source)),
            (&format!("{place}/a.tf"), MISSING),
            ("build/beside/b.tf", MISSING),
        ]);
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(1), "{source}: {ended:?}");
        assert!(ended.text().contains(&format!("{place}/a.tf:1:1: ")), "{source}: {}", ended.text());
        assert!(ended.text().contains("1 notebook in 2 Terraform files"), "{source}: {}", ended.text());
        let json = folder::with(&[
            (".git/HEAD", ""),
            (".gitignore", "build/\n"),
            (
                "main.tf.json",
                &format!("{{\"module\": {{\"x\": {{\"source\": \"{}\"}}}}}}", source.replace("\\U0000", "\\u")),
            ),
            (&format!("{place}/a.tf"), MISSING),
        ]);
        assert_eq!(run(unroot(json.path()).arg("--check")).code, Some(1), "{source} in JSON");
    }
    // What is left out on purpose stays so, and is counted.
    let folder = folder::with(&[(".git/HEAD", ""), ("main.tf", &call("./.hidden")), (".hidden/a.tf", MISSING)]);
    let text = said(folder.path(), "text", &["--exclude", ".hidden"]);
    assert!(
        text.contains("1 Terraform file that mentions a notebook is not judged: 1 left out by --exclude"),
        "{text}"
    );
}
