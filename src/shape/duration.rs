//! Durations as people write them: `90s`, `15m`, `2h`, `1h30m`, `7d`.

use jiff::SignedDuration;

/// Reads a duration: whole numbers with the units `s`, `m`, `h`, `d`, `w`, one after the other, as `1h30m`.
/// A day is 24 hours. Nothing for anything else, for a bare number, and for what does not fit 64 bits.
#[must_use]
pub fn duration(text: &str) -> Option<SignedDuration> {
    let mut total: i64 = 0;
    let mut number: Option<i64> = None;
    if text.is_empty() {
        return None;
    }
    for character in text.chars() {
        if let Some(digit) = character.to_digit(10) {
            number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(i64::from(digit))?);
            continue;
        }
        let seconds = match character {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return None,
        };
        total = total.checked_add(number.take()?.checked_mul(seconds)?)?;
    }
    number.is_none().then(|| SignedDuration::from_secs(total))
}

/// Writes a duration in the largest unit that divides it: `15m`, `2h`, `90s`.
#[must_use]
pub fn duration_text(duration: SignedDuration) -> String {
    let seconds = duration.as_secs();
    for (size, unit) in [(86_400, 'd'), (3_600, 'h'), (60, 'm')] {
        if seconds != 0 && seconds % size == 0 {
            return format!("{}{unit}", seconds / size);
        }
    }
    format!("{seconds}s")
}
