//! Reads the lexicon's TOML files once, when openline is built, and writes what they hold as tapes, so that no start of
//! the program parses 700 kB of TOML.
//!
//! A tape is a table's values one after another, each with the byte at which it stands in the file: what
//! `src/shape/tape.rs` reads. A test reads every file both ways and compares.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};
use toml::de::{DeTable, DeValue};

const DATA: &str = "src/lexicon/data";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DATA}");
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    for folder in fs::read_dir(DATA)? {
        let folder = folder?.path();
        if !folder.is_dir() {
            continue;
        }
        for file in fs::read_dir(&folder)? {
            let file = file?.path();
            // What editors leave beside a file is no lexicon.
            if file.extension().is_none_or(|ending| ending != "toml") {
                continue;
            }
            let text = fs::read_to_string(&file)?;
            let mut tape = Vec::new();
            // A file that is no TOML gives no tape; the test of the lexicon says what is wrong with it, and where.
            if let Ok(table) = DeTable::parse(&text) {
                write_table(table.get_ref(), &mut tape);
            }
            fs::write(out.join(tape_name(&folder, &file)), tape)?;
        }
    }
    Ok(())
}

/// `actors-people.tape` of `actors/people.toml`.
fn tape_name(folder: &Path, file: &Path) -> String {
    let part =
        |path: Option<&std::ffi::OsStr>| path.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    format!("{}-{}.tape", part(folder.file_name()), part(file.file_stem()))
}

fn write_table(table: &DeTable<'_>, out: &mut Vec<u8>) {
    write_number(table.len(), out);
    for (key, value) in table {
        write_number(key.span().start, out);
        write_text(key.get_ref(), out);
        write_number(value.span().start, out);
        write_value(value.get_ref(), out);
    }
}

/// One byte for the kind, then the value. Kinds that the lexicon's files do not use are written as an unknown one, at
/// which the tape is given up and the text is read instead.
fn write_value(value: &DeValue<'_>, out: &mut Vec<u8>) {
    match value {
        DeValue::String(text) => {
            out.push(b's');
            write_text(text, out);
        }
        DeValue::Boolean(flag) => out.push(if *flag { b't' } else { b'f' }),
        DeValue::Array(items) => {
            out.push(b'a');
            write_number(items.len(), out);
            for item in items {
                write_number(item.span().start, out);
                write_value(item.get_ref(), out);
            }
        }
        DeValue::Table(table) => {
            out.push(b'm');
            write_table(table, out);
        }
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) => out.push(b'?'),
    }
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    write_number(text.len(), out);
    out.extend_from_slice(text.as_bytes());
}

/// LEB128: seven bits a byte, the lowest first.
fn write_number(mut number: usize, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}
