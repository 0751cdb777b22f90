//! A little code that asks for more work or memory than there is. A run that takes too much is stopped, and fails the
//! test.

use crate::bounded;
use crate::support::folder;
use crate::support::program::{run, unroot};

/// A notebook of a value.
fn notebook(value: &str) -> String {
    format!(
        "resource \"aws_sagemaker_notebook_instance\" \"main\" {{\n  name        = \"n\"\n  root_access = {value}\n}}\n"
    )
}

/// Local values, each made of the one before, which stands for `_`.
fn chain(first: &str, next: &str) -> String {
    let later = (1..=40).map(|at| format!("  a{at} = {}\n", next.replace('_', &format!("local.a{}", at - 1))));
    format!("locals {{\n  a0 = {first}\n{}}}\n{}", later.collect::<String>(), notebook("local.a40"))
}

#[test]
fn values_that_double_with_each_local_end_as_unknown() {
    let long = "\"xxxxxxxxxxxxxxxx\"";
    for (first, next, why) in [
        (long, "\"${_}${_}\"", "to follow"),
        (long, "format(\"%s%s\", _, _)", "to follow"),
        (long, "replace(_, \"x\", _)", "to follow"),
        ("\"x\"", "[_, _]", "it depends on a"),
        ("\"x\"", "{ b = _, c = _ }", "it depends on a"),
    ] {
        let folder = folder::with(&[("main.tf", &chain(first, next))]);
        let ended = run(&mut bounded(folder.path(), &["--check"]));
        assert_eq!(ended.code, Some(1), "{next}: {}", ended.err);
        assert!(ended.text().contains("root-access-undetermined") && ended.text().contains(why), "{}", ended.text());
        assert!(ended.out.len() < 2000, "{next}: {} bytes", ended.out.len());
    }
}

#[test]
fn a_local_that_is_read_three_times_is_evaluated_once() {
    let text = chain("\"Disabled\"", "_ == \"y\" ? _ : _");
    let folder = folder::with(&[("main.tf", &text)]);
    let ended = run(&mut bounded(folder.path(), &["--check"]));
    assert_eq!(ended.code, Some(0), "{}{}", ended.text(), ended.err);
}

#[test]
fn modules_that_call_the_next_one_twice_are_followed_as_far_as_it_goes() {
    let mut files = Vec::new();
    for at in 0..18 {
        let call = |name: &str, digit: u8| {
            format!("module \"{name}\" {{\n  source = \"../m{}\"\n  r      = \"${{var.r}}{digit}\"\n}}\n", at + 1)
        };
        let rest = if at < 17 { call("a", 0) + &call("b", 1) } else { notebook("var.r") };
        files.push((format!("m{at}/main.tf"), format!("variable \"r\" {{\n  default = \"\"\n}}\n{rest}")));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let folder = folder::with(&files);
    let ended = run(&mut bounded(folder.path(), &["--check"]));
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    assert!(ended.text().contains("more module calls than are followed"), "{}", ended.text());
}

#[test]
fn other_ways_to_double_end_as_well() {
    let long = "\"xxxxxxxxxxxxxxxx\"";
    let list =
        "[for a in local.l : [for b in local.l : [for c in local.l : [for d in local.l : \"${a}${b}${c}${d}\"]]]]";
    let items = (0..100).map(|at: u8| at.to_string()).collect::<Vec<_>>().join(", ");
    for code in [
        chain(long, "join(\"\", [_, _])"),
        chain(long, "nothing(_, _)"),
        chain(long, "merge({ a = _ }, { b = _ })"),
        chain(long, "jsonencode([_, _])"),
        chain(long, "<<E\n${_}${_}\nE"),
        chain(long, "[for x in [_, _] : x]"),
        chain(long, "{ for x in [\"a\", \"b\"] : x => _ }"),
        format!(
            "locals {{\n  l = [{items}]\n}}\n{}",
            notebook(&format!("{list}[0][0][0][0] == \"0000\" ? \"Enabled\" : \"Disabled\""))
        ),
    ] {
        let folder = folder::with(&[("main.tf", &code)]);
        let ended = run(&mut bounded(folder.path(), &["--check"]));
        assert_eq!(ended.code, Some(1), "{code}: {} {}", ended.text(), ended.err);
        assert!(ended.out.len() < 3000, "{code}: {} bytes", ended.out.len());
    }
}

#[test]
fn modules_that_all_call_each_other_end() {
    for number in [9, 12] {
        let mut files = Vec::new();
        for at in 0..number {
            let calls: Vec<String> = (0..number)
                .filter(|to| *to != at)
                .map(|to| format!("module \"to{to}\" {{\n  source = \"../m{to}\"\n  r      = \"${{var.r}}{to}\"\n}}\n"))
                .collect();
            let calls = calls.concat();
            let rest = if at == 0 { notebook("var.r") } else { String::new() };
            files.push((format!("m{at}/main.tf"), format!("variable \"r\" {{\n  default = \"\"\n}}\n{calls}{rest}")));
        }
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let folder = folder::with(&files);
        let ended = run(&mut bounded(folder.path(), &["--check"]));
        assert_eq!(ended.code, Some(1), "{number}: {} {}", ended.text(), ended.err);
    }
}

/// The verdict is that the value is not known, whatever it takes to say so.
fn gives_up(what: &str, files: &[(&str, &str)]) {
    let folder = folder::with(files);
    let ended = run(&mut bounded(folder.path(), &["--check"]));
    assert_eq!(ended.code, Some(1), "{what}: {}{}", ended.text(), ended.err);
    assert!(ended.text().contains("root-access-undetermined"), "{what}: {}", ended.text());
}

#[test]
fn functions_that_do_much_with_little_give_up() {
    let files = format!("length(fileset(\".\", \"{}\")) == 0 ? \"Disabled\" : \"Disabled2\"", "**/".repeat(1_300));
    gives_up("deep patterns of paths", &[("main.tf", &notebook(&files))]);
    let patterns = "join(\"\", [for i in range(1000) : tostring(length(regexall(\"(?:\\\\pL{50}){20}${i}\", \"x\")))])";
    gives_up("large regular expressions", &[("main.tf", &notebook(patterns))]);
    let turns = "%{for a in l}%{for b in l}%{for c in l}xxxxxxxx%{endfor}%{endfor}%{endfor}";
    let template = "templatefile(\"x.tftpl\", { l = range(1000) })";
    gives_up("turns in turns of a template", &[("main.tf", &notebook(template)), ("x.tftpl", turns)]);
}

#[test]
fn defaults_in_defaults_of_a_type_give_up() {
    let variable = "variable \"r\" {\n  type = list(object({ a = optional(list(object({ b = optional(list(string), \
        [for i in range(1000) : \"x\"]) })), [for i in range(1000) : {}]) }))\n  default = [{}, {}, {}, {}]\n}\n";
    gives_up("defaults in defaults", &[("main.tf", &(notebook("var.r[0].a[999].b[0]") + variable))]);
}

#[test]
fn configurations_that_all_read_each_other_give_up() {
    let module = format!("variable \"r\" {{\n  default = \"Disabled\"\n}}\n{}", notebook("var.r"));
    let mut files = vec![("m/main.tf".to_owned(), module)];
    for unit in 0..12 {
        let reads: Vec<String> =
            (0..12).map(|at| format!("  c{at} = read_terragrunt_config(\"../u{at}/terragrunt.hcl\")\n")).collect();
        let reads = reads.concat();
        let rest = "terraform {\n  source = \"../m\"\n}\ninputs = { r = local.c1.locals.c2.inputs.r }\n";
        files.push((format!("u{unit}/terragrunt.hcl"), format!("locals {{\n{reads}}}\n{rest}")));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    gives_up("units that read each other", &files);
}

#[test]
fn scripts_made_of_scripts_are_not_put_together_without_end() {
    let locals = |next: &str| {
        let later = (1..=7).map(|at| format!("  a{at} = {}\n", next.replace('_', &format!("local.a{}", at - 1))));
        format!("locals {{\n  a0 = \"sudo ls xxxxxxxxxx\\n\"\n{}}}\n", later.collect::<String>())
    };
    let hook = "resource \"aws_sagemaker_notebook_instance_lifecycle_configuration\" \"c\" {\n  on_start = base64encode(local.a7)\n}\n";
    for next in [
        "join(\"\", [_, _, _, _, _, _, _, _, _, _])".to_owned(),
        format!("replace(_, \"x\", \"{}\")", "x".repeat(200)),
        "\"${_}${_}${_}${_}${_}${_}${_}${_}${_}${_}\"".to_owned(),
    ] {
        let folder = folder::with(&[("main.tf", &(locals(&next) + hook))]);
        let ended = run(&mut bounded(folder.path(), &["--check"]));
        assert_eq!(ended.code, Some(0), "{next}: {}{}", ended.text(), ended.err);
        assert!(ended.out.len() < 20_000, "{next}: {} bytes", ended.out.len());
    }
}

/// Stacks of stacks make more units than anybody could run, and what is not followed of them does not comply.
#[test]
fn stacks_of_stacks_end() {
    let module = "variable \"ra\" {\n  default = \"Disabled\"\n}\nresource \"aws_sagemaker_notebook_instance\" \"n\" {\n  root_access = var.ra\n}\n";
    for (levels, wide) in [(11, 4), (20, 1)] {
        let stack = |level: usize| -> String {
            let block = |number| {
                format!("stack \"x{number}\" {{\n  source = \"../s{}\"\n  path   = \"p{number}\"\n}}\n", level + 1)
            };
            (0..wide).map(block).collect()
        };
        let mut files = vec![
            (".git/HEAD".to_owned(), String::new()),
            ("m/main.tf".to_owned(), module.to_owned()),
            (
                "u/terragrunt.hcl".to_owned(),
                "terraform {\n  source = \"${get_repo_root()}/m\"\n}\ninputs = {\n  ra = values.ra\n}\n".to_owned(),
            ),
            (
                format!("s{levels}/terragrunt.stack.hcl"),
                "unit \"u\" {\n  source = \"../u\"\n  path   = \"u\"\n  values = {\n    ra = \"Disabled\"\n  }\n}\n"
                    .to_owned(),
            ),
        ];
        files.extend((0..levels).map(|level| (format!("s{level}/terragrunt.stack.hcl"), stack(level))));
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let folder = folder::with(&files);
        let ended = run(unroot(folder.path()).arg("--check"));
        assert_eq!(ended.code, Some(1), "{levels}, {wide}: {} {}", ended.text(), ended.err);
        assert!(ended.text().contains("too many units to follow"), "{levels}, {wide}: {}", ended.text());
    }
}

/// Inputs that grow with each of many included configurations.
#[test]
fn included_configurations_are_not_merged_without_end() {
    let module = format!("variable \"r\" {{\n  default = \"Disabled\"\n}}\n{}", notebook("var.r"));
    let merge = "  path           = \"../i.hcl\"\n  merge_strategy = \"deep\"\n";
    for (number, included) in
        [(2000, "inputs = { r = \"x\", t = { a = { b = [1, 2, 3] } } }\n"), (90, "inputs = { r = range(1000) }\n")]
    {
        let includes: Vec<String> = (0..number).map(|at| format!("include \"i{at}\" {{\n{merge}}}\n")).collect();
        let includes = includes.concat();
        let unit = format!("{includes}terraform {{\n  source = \"../m\"\n}}\ninputs = {{ r = [1] }}\n");
        let folder = folder::with(&[("m/main.tf", &module), ("u/terragrunt.hcl", &unit), ("i.hcl", included)]);
        let ended = run(&mut bounded(folder.path(), &["--check"]));
        assert_eq!(ended.code, Some(1), "{number}: {}{}", ended.text(), ended.err);
    }
}

/// Names of value files that stand for very many paths. What is not looked for may hand over anything.
#[test]
fn commands_that_name_very_many_files_of_values_leave_the_value_open() {
    let code = format!("variable \"r\" {{\n  default = \"Disabled\"\n}}\n{}", notebook("var.r"));
    let commands: Vec<String> =
        (0..5000).map(|at| format!("\tterraform plan -var-file=$(E)/$(F)/$(G)/x{at}.tfvars\n")).collect();
    let mut files = vec![("main.tf".to_owned(), code), ("Makefile".to_owned(), commands.concat())];
    let folders = (0..15).flat_map(|a| (0..15).map(move |b| format!("a{a}/b{b}/c/x.tfvars")));
    files.extend(folders.map(|path| (path, "r = \"Disabled\"\n".to_owned())));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    gives_up("names of value files", &files);
}

#[test]
fn modules_that_repeat_each_other_are_counted_and_not_listed() {
    let call = |to: &str, value: &str| {
        format!("module \"n\" {{\n  source = \"{to}\"\n  count  = 900\n  r      = {value}\n}}\n")
    };
    let variable = "variable \"r\" {\n}\n";
    let mut files = vec![("main.tf".to_owned(), call("./m0", "\"Disabled\""))];
    files.extend(
        (0..4).map(|at| (format!("m{at}/main.tf"), variable.to_owned() + &call(&format!("../m{}", at + 1), "var.r"))),
    );
    files.push(("m4/main.tf".to_owned(), variable.to_owned() + &notebook("var.r")));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let folder = folder::with(&files);
    let ended = run(&mut bounded(folder.path(), &["--check"]));
    assert_eq!(ended.code, Some(0), "{}{}", ended.text(), ended.err);
    assert!(ended.text().contains("590489999990000 not told apart"), "{}", ended.text());
}

/// Each module of the row has an address as long as the row.
#[test]
fn modules_that_call_each_other_in_a_long_row_give_up() {
    let mut files =
        vec![("main.tf".to_owned(), "module \"c\" {\n  source = \"./m0\"\n  r = \"Disabled\"\n}\n".to_owned())];
    for at in 0..2000 {
        let rest = if at < 1999 {
            format!("module \"c\" {{\n  source = \"../m{}\"\n  r = var.r\n}}\n", at + 1)
        } else {
            notebook("var.r")
        };
        files.push((format!("m{at}/main.tf"), format!("variable \"r\" {{\n}}\n{rest}")));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    gives_up("a row of modules", &files);
}

#[test]
fn texts_that_grow_by_escapes_or_parts_end() {
    let folder = folder::with(&[("main.tf", &chain(r#""\"\"\"""#, "jsonencode(_)"))]);
    let ended = run(&mut bounded(folder.path(), &["--check"]));
    assert_eq!(ended.code, Some(1), "{}{}", ended.text(), ended.err);
    let parts = format!("locals {{\n  y = \"y\"\n  z = <<E\n{}\nE\n}}\n", "${local.y}".repeat(60_000));
    let folder = folder::with(&[("main.tf", &(parts + &notebook("local.z")))]);
    let ended = run(&mut bounded(folder.path(), &["--check"]));
    assert!(ended.text().contains("root_access gets \"yyyy"), "{}{}", ended.text(), ended.err);
}

/// Each evaluation and each script may take much, but not each of hundreds.
#[test]
fn what_many_ask_for_together_is_bounded() {
    let many = |value: &dyn Fn(usize) -> String| -> String {
        (0..300).map(|at| notebook(&value(at)).replace("\"main\"", &format!("\"n{at}\""))).collect()
    };
    let nested = |at| {
        format!(
            "length([for i in range(1000) : [for j in range(100) : \"${{i}}-${{j}}\"]]) > {at} ? \"Enabled\" : \"Disabled\""
        )
    };
    let template =
        |at| format!("templatefile(\"x.tftpl\", {{ l = range(300), k = {at} }}) == \"x\" ? \"Enabled\" : \"x\"");
    let turns = "%{for a in l}%{for b in l}xxxxxxxx${k}%{endfor}%{endfor}";
    let listed = |at| format!("length(fileset(path.module, \"**/*\")) > {at} ? \"Enabled\" : \"Disabled\"");
    let names: Vec<String> = (0..1000).map(|at| format!("f{at}/x.txt")).collect();
    for (code, others) in [
        (many(&nested), vec![]),
        (many(&template), vec![("x.tftpl", turns)]),
        (many(&listed), names.iter().map(|name| (name.as_str(), "")).collect()),
    ] {
        let files: Vec<(&str, &str)> = others.into_iter().chain([("main.tf", code.as_str())]).collect();
        gives_up("many that ask for much", &files);
    }
}

/// Not hostile, but as large: each takes a value of its own, and is to be fixed there.
#[test]
fn notebooks_that_take_their_values_from_one_large_map_are_fixed() {
    const NUMBER: usize = 600;
    let entry = |at: usize| format!("    k{at} = \"Enabled\"\n");
    let entries: String = (0..NUMBER).map(entry).collect();
    let all = |map: &str| -> String {
        let one = |at: usize| notebook(&format!("{map}[\"k{at}\"]")).replace("\"main\"", &format!("\"n{at}\""));
        (0..NUMBER).map(one).collect()
    };
    let declared = "variable \"m\" {\n  type = map(string)\n}\n";
    let default = declared.replace("\n}", &format!("\n  default = {{\n{entries}  }}\n}}"));
    let others = |map: &str| -> String {
        let one = |at| format!("output \"o{at}\" {{\n  value = {map}[\"k{at}\"]\n}}\n");
        (0..NUMBER).step_by(2).map(one).collect()
    };
    let local = format!("locals {{\n  m = {{\n{entries}  }}\n}}\n");
    let call = format!("module \"m\" {{\n  source = \"./m\"\n  m = {{\n{entries}  }}\n}}\n");
    let values = format!("m = {{\n{entries}}}\n");
    let (in_locals, in_variable) = (all("local.m"), all("var.m"));
    for (holding, files) in [
        ("main.tf", vec![("main.tf", format!("{local}{in_locals}"))]),
        ("main.tf", vec![("main.tf", format!("{local}{in_locals}{}", others("local.m")))]),
        ("main.tf", vec![("main.tf", format!("{default}{in_variable}"))]),
        ("main.tf", vec![("main.tf", format!("{default}{in_variable}{}", others("var.m")))]),
        ("main.tf", vec![("m/main.tf", format!("{declared}{in_variable}")), ("main.tf", call)]),
        ("terraform.tfvars", vec![("main.tf", format!("{declared}{in_variable}")), ("terraform.tfvars", values)]),
    ] {
        let are_used = files[0].1.contains("output");
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let folder = folder::with(&files);
        let ended = run(unroot(folder.path()).arg("--write"));
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{}", ended.text());
        let text = std::fs::read_to_string(folder.path().join(holding)).expect("it is there");
        for at in 0..NUMBER {
            // What something else uses stays, and the notebook gets a value of its own.
            let value = if are_used && at % 2 == 0 { "Enabled" } else { "Disabled" };
            assert!(text.contains(&format!("  k{at} = \"{value}\"\n")), "{at}: {text}");
        }
    }
}

/// A row that is too long to follow from its end is followed from where its parts are known. What is used at its end is not
/// out of sight.
#[test]
fn rows_of_references_are_followed_as_far_as_it_goes() {
    const NUMBER: usize = 1000;
    let refer = |at: usize| format!("aws_sagemaker_notebook_instance.n{at}.root_access");
    let one = |at: usize, value: &str| notebook(value).replace("\"main\"", &format!("\"n{at}\""));
    let row: String = (0..NUMBER).map(|at| one(at, &refer(at + 1))).collect();
    let code = row + &one(NUMBER, "\"Disabled\"");
    let folder = folder::with(&[("main.tf", &code)]);
    let ended = run(&mut bounded(folder.path(), &["--check"]));
    assert!(ended.text().contains("nesting too deep to follow"), "{}{}", ended.text(), ended.err);
    assert!(ended.text().contains("for review") && ended.code == Some(1), "{}{}", ended.text(), ended.err);
}

/// What one function compares with each other.
#[test]
fn sets_of_sets_are_not_compared_each_with_each() {
    let value = "length(toset([for i in range(100) : toset([for j in range(100) : toset([i * j])])])) == 100";
    let folder = folder::with(&[("main.tf", &notebook(&format!("{value} ? \"Disabled\" : \"Enabled\"")))]);
    let ended = run(&mut bounded(folder.path(), &["--check"]));
    assert_eq!(ended.code, Some(0), "{}{}", ended.text(), ended.err);
}

#[test]
fn what_many_scripts_take_together_is_bounded() {
    let loops = "for a in 1 2 3 4 5 6 7 8; do\n".repeat(8) + "sudo ls $a\n" + &"done\n".repeat(8);
    let mut code = String::new();
    let mut files = Vec::new();
    for at in 0..120 {
        code.extend([format!("resource \"aws_sagemaker_notebook_instance_lifecycle_configuration\" \"c{at}\" {{\n  on_start = base64encode(file(\"x{at}.sh\"))\n}}\n")]);
        files.push((format!("x{at}.sh"), format!("# {at}\n{loops}")));
    }
    files.push(("main.tf".to_owned(), code));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let folder = folder::with(&files);
    let ended = run(&mut bounded(folder.path(), &["--check"]));
    assert_eq!(ended.code, Some(0), "{}{}", ended.text(), ended.err);
    assert!(ended.text().contains("those before it took all the work that a run may take"), "{}", ended.text());
}

/// A source made of local values, each of which names the one before ten times.
#[test]
fn sources_of_modules_are_not_put_together_without_end() {
    let one = |at: usize| format!("  a{at} = \"{}\"\n", format!("${{local.a{}}}", at - 1).repeat(10));
    let later: String = (1..20).map(one).collect();
    let code = format!("locals {{\n  a0 = \"./m\"\n{later}}}\nmodule \"m\" {{\n  source = local.a19\n}}\n");
    let module = format!("variable \"r\" {{\n  default = \"Disabled\"\n}}\n{}", notebook("var.r"));
    let folder = folder::with(&[("main.tofu", &code), ("m/main.tf", &module)]);
    let ended = run(&mut bounded(folder.path(), &["--check"]));
    assert!(matches!(ended.code, Some(0 | 1)), "{}{}", ended.text(), ended.err);
}

/// A file of which many links in its folder are names.
#[test]
fn a_file_counts_once_whatever_its_names() {
    let one = |at: usize| format!("locals {{\n  a{at} = 1\n}}\n");
    let locals: String = (0..20_000).map(one).collect();
    let folder = folder::with(&[("main.tf", &(locals + &notebook("\"Disabled\"")))]);
    for at in 0..500 {
        std::os::unix::fs::symlink("main.tf", folder.path().join(format!("l{at}.tf"))).expect("a link");
    }
    let ended = run(&mut bounded(folder.path(), &["--check"]));
    assert_eq!(ended.code, Some(0), "{}{}", ended.text(), ended.err);
}
