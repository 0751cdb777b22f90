//! JSON in which no character stands as it is that a terminal would act on or not show, and no word that the log of a CI
//! job takes for a command. Whoever reads it as JSON gets the same strings.

use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{Formatter, PrettyFormatter};

use crate::terminal::{is_active, is_log_command};

/// Writes a value, indented, and a line end.
pub(super) fn write(out: &mut impl io::Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, Spelled(PrettyFormatter::new())))?;
    writeln!(out)?;
    out.flush()
}

struct Spelled(PrettyFormatter<'static>);

impl Formatter for Spelled {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        let acts = |(at, c): &(usize, char), rest: &str| is_active(*c) || is_log_command(&rest[*at..]);
        while let Some((at, c)) = rest.char_indices().find(|place| acts(place, rest)) {
            out.write_all(&rest.as_bytes()[..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_show_is_spelled_out_and_means_the_same() {
        let text = "a\u{202e}b\u{feff}\u{e0041}\u{7f}\n\"é ##[x] ## ##vso[y";
        let mut out = Vec::new();
        write(&mut out, &[text]).expect("memory can be written");
        assert_eq!(
            str::from_utf8(&out),
            Ok("[\n  \"a\\u202eb\\ufeff\\udb40\\udc41\\u007f\\n\\\"é \\u0023#[x] ## \\u0023#vso[y\"\n]\n")
        );
        assert_eq!(serde_json::from_slice::<Vec<String>>(&out).expect("JSON"), [text]);
    }
}
