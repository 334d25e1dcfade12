//! Sizes as people write them: `512KiB`, `8MiB`.

/// Reads a size in bytes: a whole number and `B`, `KiB`, `MiB` or `GiB`, with or without a space. Nothing for
/// anything else and for what does not fit.
pub(super) fn size(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = (text.get(..digits)?, text.get(digits..)?);
    let factor: usize = match unit.trim_start() {
        "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return None,
    };
    number.parse::<usize>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_need_a_unit() {
        assert_eq!(size("8MiB"), Some(8 << 20));
        assert_eq!(size("512 KiB"), Some(512 << 10));
        for text in ["", "8", "MiB", "8MB", "-1B", "1.5MiB", "99999999999999999999B", "99999999999GiB"] {
            assert_eq!(size(text), None, "{text}");
        }
    }
}
