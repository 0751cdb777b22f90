//! Finds where quotes, braces and substitutions end. Linear, without recursion; what never ends, ends at `end`.

/// What opened the construct whose end is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    Parenthesis,
    Brace,
    Double,
    Backtick,
}

/// The index of the quote that closes a single-quoted text starting at `at`.
pub fn closing_single(bytes: &[u8], at: usize, end: usize) -> usize {
    (at..end).find(|index| bytes[*index] == b'\'').unwrap_or(end)
}

/// The index of the quote that closes a double-quoted text starting at `at`.
pub fn closing_double(bytes: &[u8], at: usize, end: usize) -> usize {
    let after = end_of(bytes, at, end, Opening::Double);
    if after > at && bytes.get(after - 1) == Some(&b'"') { after - 1 } else { end }
}

/// The index of the backtick that closes a text starting at `at`.
pub fn closing_backtick(bytes: &[u8], at: usize, end: usize) -> usize {
    let mut index = at;
    while index < end {
        match bytes[index] {
            b'\\' => index += 2,
            b'`' => return index,
            _ => index += 1,
        }
    }
    end
}

/// The index after the parenthesis or brace that closes the one at `at`.
pub fn end_of_substitution(bytes: &[u8], at: usize, end: usize, opening: Opening) -> usize {
    end_of(bytes, at + 1, end, opening)
}

fn end_of(bytes: &[u8], at: usize, end: usize, opening: Opening) -> usize {
    let mut open = vec![opening];
    let mut heredocs: Vec<(Vec<u8>, bool)> = Vec::new();
    let mut index = at;
    while index < end {
        let Some(top) = open.last().copied() else { break };
        let next = bytes.get(index + 1).copied().filter(|_| index + 1 < end);
        let in_code = top == Opening::Parenthesis;
        match bytes[index] {
            b'\\' => index += 1,
            b'"' if top == Opening::Double => {
                open.pop();
            }
            b'"' => open.push(Opening::Double),
            b'\'' if top != Opening::Double => index = closing_single(bytes, index + 1, end),
            b'`' if top == Opening::Backtick => {
                open.pop();
            }
            b'`' => open.push(Opening::Backtick),
            b'$' if next == Some(b'(') => {
                open.push(Opening::Parenthesis);
                index += 1;
            }
            b'$' if next == Some(b'{') => {
                open.push(Opening::Brace);
                index += 1;
            }
            b'(' if in_code => open.push(Opening::Parenthesis),
            b')' if in_code => {
                open.pop();
            }
            b'}' if top == Opening::Brace => {
                open.pop();
            }
            b'#' if in_code && starts_comment(bytes, index) => {
                while index + 1 < end && bytes[index + 1] != b'\n' {
                    index += 1;
                }
            }
            b'<' if in_code && next == Some(b'<') && bytes.get(index + 2) != Some(&b'<') => {
                let (delimiter, strip, after) = heredoc_delimiter(bytes, index + 2, end);
                if !delimiter.is_empty() {
                    heredocs.push((delimiter, strip));
                    index = after - 1;
                }
            }
            b'<' if in_code && next == Some(b'<') => index += 2,
            b'\n' if !heredocs.is_empty() => {
                for (delimiter, strip) in heredocs.drain(..) {
                    index = end_of_heredoc(bytes, index, end, &delimiter, strip);
                }
            }
            _ => {}
        }
        index += 1;
        if open.is_empty() {
            return index.min(end);
        }
    }
    end
}

/// Whether a `#` at `at` starts a comment.
pub fn starts_comment(bytes: &[u8], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| bytes.get(before)).is_none_or(|before| b" \t\n;(".contains(before))
}

/// Reads a heredoc delimiter after `<<`; returns it, whether tabs are stripped, and the index after it.
pub fn heredoc_delimiter(bytes: &[u8], at: usize, end: usize) -> (Vec<u8>, bool, usize) {
    let mut index = at;
    let strip = bytes.get(index) == Some(&b'-');
    index += usize::from(strip);
    while index < end && matches!(bytes[index], b' ' | b'\t') {
        index += 1;
    }
    let mut delimiter = Vec::new();
    while index < end && !b" \t\n;&|<>()".contains(&bytes[index]) {
        if !b"'\"\\".contains(&bytes[index]) {
            delimiter.push(bytes[index]);
        }
        index += 1;
    }
    // `$((1 << 2))` is a shift, not a heredoc.
    if delimiter.iter().all(u8::is_ascii_digit) {
        delimiter.clear();
    }
    (delimiter, strip, index)
}

/// `at` is the line feed before the body; returns the index of the last byte of the delimiter line.
pub fn end_of_heredoc(bytes: &[u8], at: usize, end: usize, delimiter: &[u8], strip: bool) -> usize {
    let mut start = at + 1;
    while start < end {
        let stop = (start..end).find(|index| bytes[*index] == b'\n').unwrap_or(end);
        let mut line = &bytes[start..stop];
        while strip && line.first() == Some(&b'\t') {
            line = &line[1..];
        }
        if line == delimiter {
            return stop.saturating_sub(1).max(at);
        }
        start = stop + 1;
    }
    end
}
