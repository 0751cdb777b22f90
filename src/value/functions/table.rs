//! Every function of the Terraform language, as of version 1.11, and of the provider that is part of it, with its
//! signature.
//!
//! Source: Terraform, `internal/lang/functions.go`, and the packages that it names.

use super::digest::Kind;
use super::files::Read;
use super::signature::Body::{
    self, AtRunTime, Document, Elements, EphemeralAsNull, File, Known, NotHere, Refused, Whole,
};
use super::signature::Wanted::{Bools, List, MapOfStrings, Set, Strings};
use super::signature::{Function, Parameter, any, number, string};
use super::{
    choose, cidr, csv, digest, format, json, mapping, moment, numeric, pattern, sequence, text, tfvars, yaml, yaml_text,
};

const fn f(name: &'static str, parameters: &'static [Parameter], body: Body) -> Function {
    Function { name, parameters, rest: None, body }
}

/// A function that takes any number of further arguments.
const fn more(name: &'static str, parameters: &'static [Parameter], rest: Parameter, body: Body) -> Function {
    Function { name, parameters, rest: Some(rest), body }
}

/// The function of a name.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    TABLE.binary_search_by(|function| function.name.cmp(name)).ok().map(|at| &TABLE[at])
}

/// Sorted by name.
static TABLE: &[Function] = &[
    f("abs", &[number("num")], Known(numeric::abs)),
    f("abspath", &[string("path")], Known(text::abspath)),
    f("alltrue", &[any("list").of(Bools)], Known(sequence::all_true)),
    f("anytrue", &[any("list").of(Bools)], Known(sequence::any_true)),
    f("base64decode", &[string("str")], Known(digest::base64_decode)),
    f("base64encode", &[string("str")], Known(digest::base64_encode)),
    f("base64gzip", &[string("str")], NotHere("a text that is compressed as Go does it")),
    f("base64sha256", &[string("str")], Known(digest::base64_sha256)),
    f("base64sha512", &[string("str")], Known(digest::base64_sha512)),
    f("basename", &[string("path")], Known(text::basename)),
    more("bcrypt", &[string("str")], number("cost"), AtRunTime),
    f("can", &[any("expression").or_null()], Whole(choose::can)),
    f("ceil", &[number("num")], Known(numeric::ceil)),
    f("chomp", &[string("str")], Known(text::chomp)),
    f("chunklist", &[any("list").of(List), number("size")], Elements(sequence::chunk_list)),
    f("cidrhost", &[string("prefix"), number("hostnum")], Known(cidr::host)),
    f("cidrnetmask", &[string("prefix")], Known(cidr::netmask)),
    f("cidrsubnet", &[string("prefix"), number("newbits"), number("netnum")], Known(cidr::subnet)),
    more("cidrsubnets", &[string("prefix")], number("newbits"), Known(cidr::subnets)),
    more("coalesce", &[], any("vals").or_null(), Whole(choose::coalesce)),
    more("coalescelist", &[], any("vals").or_null(), Whole(choose::coalesce_list)),
    f("compact", &[any("list").of(Strings)], Known(sequence::compact)),
    more("concat", &[], any("seqs"), Elements(sequence::concat)),
    f("contains", &[any("list"), any("value").or_null()], Known(sequence::contains)),
    f("csvdecode", &[string("str")], Document(csv::decode)),
    f("dirname", &[string("path")], Known(text::dirname)),
    f("distinct", &[any("list").of(List)], Known(sequence::distinct)),
    f("element", &[any("list"), number("index")], Whole(choose::element)),
    f("endswith", &[string("str"), string("suffix")], Known(text::ends_with)),
    f("ephemeralasnull", &[any("value").or_null()], EphemeralAsNull),
    f("file", &[string("path")], File(Read::Text)),
    f("filebase64", &[string("path")], File(Read::Base64)),
    f("filebase64sha256", &[string("path")], File(Read::Digest(Kind::Base64Sha256))),
    f("filebase64sha512", &[string("path")], File(Read::Digest(Kind::Base64Sha512))),
    f("fileexists", &[string("path")], File(Read::Exists)),
    f("filemd5", &[string("path")], File(Read::Digest(Kind::Md5))),
    f("fileset", &[string("path"), string("pattern")], File(Read::Set)),
    f("filesha1", &[string("path")], File(Read::Digest(Kind::Sha1))),
    f("filesha256", &[string("path")], File(Read::Digest(Kind::Sha256))),
    f("filesha512", &[string("path")], File(Read::Digest(Kind::Sha512))),
    f("flatten", &[any("list")], Elements(sequence::flatten)),
    f("floor", &[number("num")], Known(numeric::floor)),
    more("format", &[string("format")], any("args").or_null(), Known(format::format)),
    f("formatdate", &[string("format"), string("time")], Known(moment::format_date)),
    more("formatlist", &[string("format")], any("args").or_null(), Known(format::format_list)),
    f("indent", &[number("spaces"), string("str")], Known(text::indent)),
    f("index", &[any("list"), any("value")], Known(sequence::index)),
    f("issensitive", &[any("value").or_null()], Whole(choose::is_sensitive)),
    more("join", &[string("separator")], any("lists").of(Strings), Known(sequence::join)),
    f("jsondecode", &[string("str")], Document(json::decode)),
    f("jsonencode", &[any("val").or_null()], Known(json::encode)),
    f("keys", &[any("inputMap")], Elements(sequence::keys)),
    f("length", &[any("value")], Elements(sequence::length)),
    more("list", &[], any("vals").or_null(), Refused),
    f("log", &[number("num"), number("base")], Known(numeric::log)),
    more("lookup", &[any("inputMap"), string("key")], any("default").or_null(), Whole(choose::lookup)),
    f("lower", &[string("str")], Known(text::lower)),
    more("map", &[], any("vals").or_null(), Refused),
    f(
        "matchkeys",
        &[any("values").of(List), any("keys").of(List), any("searchset").of(List)],
        Known(mapping::match_keys),
    ),
    more("max", &[], number("numbers"), Known(numeric::max)),
    f("md5", &[string("str")], Known(digest::md5)),
    more("merge", &[], any("maps").or_null(), Whole(choose::merge)),
    more("min", &[], number("numbers"), Known(numeric::min)),
    f("nonsensitive", &[any("value").or_null()], Whole(choose::nonsensitive)),
    f("one", &[any("list")], Whole(choose::one)),
    f("parseint", &[any("number"), number("base")], Known(numeric::parse_int)),
    f("pathexpand", &[string("path")], Known(text::pathexpand)),
    f("plantimestamp", &[], AtRunTime),
    f("pow", &[number("num"), number("power")], Known(numeric::pow)),
    f("provider::terraform::decode_tfvars", &[string("src")], Document(tfvars::decode_tfvars)),
    f("provider::terraform::encode_expr", &[any("value")], Known(tfvars::encode_expr)),
    f("provider::terraform::encode_tfvars", &[any("value")], Known(tfvars::encode_tfvars)),
    more("range", &[], number("params"), Known(sequence::range)),
    f("regex", &[string("pattern"), string("string")], Known(pattern::regex)),
    f("regexall", &[string("pattern"), string("string")], Known(pattern::regex_all)),
    f("replace", &[string("str"), string("substr"), string("replace")], Known(text::replace)),
    f("reverse", &[any("list")], Elements(sequence::reverse)),
    f("rsadecrypt", &[string("ciphertext"), string("privatekey")], NotHere("a text that is decrypted")),
    f("sensitive", &[any("value").or_null()], Whole(choose::sensitive)),
    more("setintersection", &[any("first_set").of(Set)], any("other_sets").of(Set), Known(mapping::set_intersection)),
    more("setproduct", &[], any("sets"), Elements(mapping::set_product)),
    f("setsubtract", &[any("a").of(Set), any("b").of(Set)], Known(mapping::set_subtract)),
    more("setunion", &[any("first_set").of(Set)], any("other_sets").of(Set), Known(mapping::set_union)),
    f("sha1", &[string("str")], Known(digest::sha1)),
    f("sha256", &[string("str")], Known(digest::sha256)),
    f("sha512", &[string("str")], Known(digest::sha512)),
    f("signum", &[number("num")], Known(numeric::signum)),
    f("slice", &[any("list"), number("start_index"), number("end_index")], Elements(sequence::slice)),
    f("sort", &[any("list").of(Strings)], Known(sequence::sort)),
    f("split", &[string("separator"), string("str")], Known(text::split)),
    f("startswith", &[string("str"), string("prefix")], Known(text::starts_with)),
    f("strcontains", &[string("str"), string("substr")], Known(text::contains)),
    f("strrev", &[string("str")], Known(text::reversed)),
    f("substr", &[string("str"), number("offset"), number("length")], Known(text::substr)),
    f("sum", &[any("list")], Known(sequence::sum)),
    f("templatefile", &[string("path"), any("vars")], Body::TemplateFile),
    f("templatestring", &[any("template"), any("vars")], Body::TemplateString),
    f("textdecodebase64", &[string("source"), string("encoding")], Known(digest::text_decode_base64)),
    f("textencodebase64", &[string("string"), string("encoding")], Known(digest::text_encode_base64)),
    f("timeadd", &[string("timestamp"), string("duration")], Known(moment::time_add)),
    f("timecmp", &[string("timestamp_a"), string("timestamp_b")], Known(moment::time_compare)),
    f("timestamp", &[], AtRunTime),
    f("title", &[string("str")], Known(text::title)),
    f("tobool", &[any("v").or_null()], Whole(choose::to_bool)),
    f("tolist", &[any("v").or_null()], Whole(choose::to_list)),
    f("tomap", &[any("v").or_null()], Whole(choose::to_map)),
    f("tonumber", &[any("v").or_null()], Whole(choose::to_number)),
    f("toset", &[any("v").or_null()], Whole(choose::to_set)),
    f("tostring", &[any("v").or_null()], Whole(choose::to_string)),
    f("transpose", &[any("values").of(MapOfStrings)], Known(mapping::transpose)),
    f("trim", &[string("str"), string("cutset")], Known(text::trim)),
    f("trimprefix", &[string("str"), string("prefix")], Known(text::trim_prefix)),
    f("trimspace", &[string("str")], Known(text::trim_space)),
    f("trimsuffix", &[string("str"), string("suffix")], Known(text::trim_suffix)),
    more("try", &[], any("expressions").or_null(), Whole(choose::try_each)),
    f("upper", &[string("str")], Known(text::upper)),
    f("urlencode", &[string("str")], Known(digest::url_encode)),
    f("uuid", &[], AtRunTime),
    f("uuidv5", &[string("namespace"), string("name")], Known(digest::uuid_v5)),
    f("values", &[any("mapping")], Elements(sequence::values)),
    f("yamldecode", &[string("src")], Document(yaml::decode)),
    f("yamlencode", &[any("value").or_null()], Known(yaml_text::encode)),
    f("zipmap", &[any("keys").of(Strings), any("values")], Elements(mapping::zip_map)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_found_by_name() {
        assert!(TABLE.is_sorted_by(|one, two| one.name < two.name));
        assert!(TABLE.iter().all(|function| find(function.name).is_some_and(|found| found.name == function.name)));
        assert!(find("nosuchfunction").is_none());
    }

    #[test]
    fn each_function_is_held_against_terraform() {
        let judged = include_str!("../../../tests/trace/functions.txt");
        for Function { name, .. } in TABLE {
            assert!(judged.contains(&format!("can({name}(")), "{name}: what it refuses");
        }
    }
}
