//! Documents that texts write before Terraform reads them: what these say then, the repository does not tell.

use std::sync::LazyLock;

use regex::bytes::Regex;

/// The ends of the names of documents that code decodes, or takes as they are.
const ENDS: [&str; 12] = [
    ".json",
    ".yaml",
    ".yml",
    ".csv",
    ".toml",
    ".txt",
    ".properties",
    ".env",
    ".tftpl",
    ".tpl",
    ".tmpl",
    ".values.hcl",
];

/// More documents are not taken from one text.
const MOST: usize = 200;

/// What stands for the name of any document of a folder.
pub const ANY_DOCUMENT: &str = "*";

/// Whether code may read a file as a document, by its name.
#[must_use]
pub fn is_document(name: &str) -> bool {
    ENDS.iter().any(|end| name.ends_with(end))
}

/// The documents that a text writes, as their paths are written, those of whole folders by [`ANY_DOCUMENT`].
pub(super) fn written(bytes: &[u8]) -> Vec<String> {
    static WRITTEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let ends = ENDS.map(|end| end.trim_start_matches('.')).join("|");
        let path = format!(r#"["'`]?([^\s"'`<>|;&(),=]*\.(?:{ends}))\b"#);
        let into = r#"(?m:^|[\s\d&)}"'])>>?[ \t]*|\btee[ \t]+(?:-a[ \t]+)?|\bsponge[ \t]+|\b(?:Out-File|Set-Content)[ \t]+(?:-\w*Path[ \t]+)?"#;
        let named = r"\s(?:-o|-O|--output(?:-document|-file)?|-OutFile)[ \t=]+|\bdest:[ \t]*";
        let call = r"\b(?:[wW]rite\w*|download\w*|dump\w*|copy\w*)\((?:[^\n()]*,\s*)?";
        let by_name = format!("(?:{into}|{named}|{call}){path}");
        let opened =
            format!(r#"\bopen\w*\(\s*[frb]?{path}["'`],\s*(?:mode\s*=\s*)?["'][wa]|\bPath\({path}["'`]\)\.write\w*\("#);
        Regex::new(&format!("(?-u){by_name}|{opened}")).ok()
    });
    static EDITED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let programs = r"\b(?:g?sed|perl|yq|jq|dasel|sops|crudini)\b";
        Regex::new(&format!(r"(?m-u){programs}([^\n]*\s(?:-\w*i|--in-?place)\b[^\n]*)$")).ok()
    });
    let text = |bytes: &[u8]| str::from_utf8(bytes).ok().map(str::to_owned);
    let found = WRITTEN.iter().flat_map(|written| written.captures_iter(bytes));
    let mut all: Vec<String> =
        found.filter_map(|found| text((1..=3).find_map(|at| found.get(at))?.as_bytes())).collect();
    for line in EDITED.iter().flat_map(|edited| edited.captures_iter(bytes)) {
        let words = line.get(1).and_then(|line| text(line.as_bytes())).unwrap_or_default();
        all.extend(
            words
                .split_ascii_whitespace()
                .map(|word| word.trim_matches(QUOTES))
                .filter(|word| is_document(word))
                .map(str::to_owned),
        );
    }
    all.extend(copied(bytes));
    if writes_computed(bytes) {
        all.extend(named(bytes));
    }
    all.sort_unstable();
    all.dedup();
    all.truncate(MOST);
    all
}

/// Whether a text writes a file whose path it puts together.
fn writes_computed(bytes: &[u8]) -> bool {
    static COMPUTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        // What a service takes from its jobs is no file of the tree.
        let path = r#"["'`]?[^\s"'`<>|;&()]*\$\{?(?:[A-FH-Za-z_]|G[A-HJ-Za-z_])\w*\}?["'`]?(?:\s|$)"#;
        let into = r#"(?m:^|[\s\d&)}"'])>>?[ \t]*|\btee[ \t]+(?:-a[ \t]+)?|\bsponge[ \t]+|\b(?:cp|mv|install)[ \t]+[^\s;&|]+[ \t]+"#;
        let edited = r"\b(?:g?sed|perl|yq|jq|dasel|sops|crudini)\b[^\n]*\s(?:-\w*i|--in-?place)\b[^\n]*\$";
        let opened = r#"\bopen\w*\((?:[^\n"'`]*\([^\n]*\)|[\w.\[\]]+),\s*(?:mode\s*=\s*)?["'][wa]"#;
        let call = r"\.write_(?:text|bytes)\(|\b(?:WriteFile|writeFile(?:Sync)?|write_file|File\.write)\(\s*[A-Za-z_]|\b(?:Set-Content|Out-File)[ \t]+(?:-\w*Path[ \t]+)?\$";
        Regex::new(&format!("(?m-u)(?:{into}){path}|{edited}|{opened}|{call}")).ok()
    });
    COMPUTED.as_ref().is_some_and(|computed| computed.is_match(bytes))
}

/// The documents that a text names.
fn named(bytes: &[u8]) -> Vec<String> {
    static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let ends = ENDS.map(|end| end.trim_start_matches('.')).join("|");
        Regex::new(&format!(r"(?-u)[A-Za-z0-9_./${{}}-]*[A-Za-z0-9_-]\.(?:{ends})\b")).ok()
    });
    let found = NAMED.iter().flat_map(|named| named.find_iter(bytes));
    found.filter_map(|found| str::from_utf8(found.as_bytes()).ok().map(str::to_owned)).collect()
}

const QUOTES: [char; 4] = ['"', '\'', '`', ','];

/// The documents that commands copy to where they are read, those of whole folders by [`ANY_DOCUMENT`] where the text leaves open which
/// these are.
fn copied(bytes: &[u8]) -> Vec<String> {
    static COPIED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let programs = r"\b(?:s?cp|install|ln|mv|rsync|sync|copyto|Copy-Item|Move-Item)|^[ \t]*(?:COPY|ADD)";
        Regex::new(&format!(r"(?m-u)(?:{programs})((?:[ \t]+(?:\$\([\w.]+\)|[^\s;&|<>()])+)+)")).ok()
    });
    let mut all = Vec::new();
    for found in COPIED.iter().flat_map(|copied| copied.captures_iter(bytes)) {
        let Some(words) = found.get(1).and_then(|words| str::from_utf8(words.as_bytes()).ok()) else { continue };
        let words = words.split_ascii_whitespace().map(|word| word.trim_matches(QUOTES));
        let mut words: Vec<&str> = words.filter(|word| !word.is_empty() && !word.starts_with('-')).collect();
        let Some(destination) = words.pop() else { continue };
        if is_document(destination) {
            all.push(destination.to_owned());
            continue;
        }
        let folder = destination.trim_end_matches(['/', '.']);
        for source in words {
            let name = source.rsplit('/').next().unwrap_or(source);
            let is_open = source.contains(['$', '*', '{']) || source.contains("://");
            if is_document(name) && !name.contains(['$', '*', '{']) {
                all.push(format!("{folder}/{name}"));
            } else if is_open {
                all.push(format!("{folder}/{ANY_DOCUMENT}"));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn documents_are_found_however_they_are_written() {
        for (text, path) in [
            ("cp config/$ENV.json live/config.json", "live/config.json"),
            ("mv tmp.json live/config.json && terraform apply", "live/config.json"),
            ("cp $(conf.secureFilePath) live/config.json", "live/config.json"),
            ("aws s3 cp s3://conf/$ENV.yaml ./config.yaml", "./config.yaml"),
            ("aws s3 sync s3://conf live/conf/", "live/conf/*"),
            ("cp -r envs/$ENV/. live", "live/*"),
            ("cp envs/dev/nb.json live/", "live/nb.json"),
            ("envsubst < nb.yaml.tpl > live/nb.yaml", "live/nb.yaml"),
            ("cat <<EOF >\"$DIR/nb.yaml\"\nra: x\nEOF", "$DIR/nb.yaml"),
            ("jq '.a = 1' x.json | sponge x.json", "x.json"),
            ("vault kv get -format=json kv/nb | tee nb.json", "nb.json"),
            ("curl -s https://conf -o live/nb.csv", "live/nb.csv"),
            ("yq -i '.ra = \"Enabled\"' live/nb.yaml", "live/nb.yaml"),
            ("sed -i.bak 's/Disabled/Enabled/' live/nb.yml", "live/nb.yml"),
            ("sops -d --in-place nb.yaml", "nb.yaml"),
            ("with open('live/nb.json', 'w') as f:", "live/nb.json"),
            ("fs.writeFileSync(\"live/nb.json\", text)", "live/nb.json"),
            ("Path(\"nb.yaml\").write_text(text)", "nb.yaml"),
            ("s3.download_file(bucket, key, 'live/nb.json')", "live/nb.json"),
            ("  ansible.builtin.template:\n    src: nb.j2\n    dest: live/nb.yaml", "live/nb.yaml"),
            ("ConvertTo-Json $x | Out-File -FilePath live/nb.json", "live/nb.json"),
        ] {
            assert_eq!(written(text.as_bytes()), [path], "{text}");
        }
        for text in [
            "OUT = 'live/nb.json'\nwith open(OUT, 'w') as f:",
            "with open(os.path.join(here, 'live', 'nb.json'), mode=\"w\") as f:",
            "CONFIG=live/nb.json\nmv x \"$CONFIG\"",
            "CONFIG=live/nb.json\njq .a > \"$CONFIG\"",
            "yq -i '.a = 1' \"$DIR\" # nb.json",
            "const out = path.join(dir, 'nb.json');\nfs.writeFileSync(out, text);",
        ] {
            assert!(written(text.as_bytes()).iter().any(|path| path.ends_with("nb.json")), "{text}");
        }
        for text in [
            "cat nb.json >> $GITHUB_OUTPUT",
            "jq . nb.json > \"$LOG.txt\" 2>/dev/null",
            "data = json.load(open(nb.json))",
            "for f in $FILES; do yamllint nb.json; done",
        ] {
            assert!(!written(text.as_bytes()).iter().any(|path| path.ends_with("nb.json")), "{text}");
        }
        for text in [
            "yq '.ra' live/nb.yaml",
            "terraform show -json plan > plan.out",
            "<path>config.json</path>",
            "open('nb.json')",
            "cp -r overlays/prod/. modules/nb/",
            "cat nb.json | jq .a",
            "aws s3 cp live/nb.json s3://conf/",
        ] {
            let written = written(text.as_bytes());
            assert!(written.iter().all(|path| path.starts_with("s3://")), "{text}: {written:?}");
        }
        assert!(written(b"yq '.ra' nb.yaml && cat nb.json && open('nb.json')").is_empty());
    }
}
