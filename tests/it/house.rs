//! The house test: floors, purity, first lines, lengths and names.

mod code;
mod planted;
mod rules;

use rules::Breach;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold no text of ours: what is built, what git keeps, and the script that knows the build machine.
const SKIPPED: [&str; 4] = [".git", "target", ".ci", "node_modules"];

#[test]
fn every_source_keeps_the_rules_of_the_house() {
    let files = files(root());
    let sources: Vec<_> = files
        .iter()
        .filter(|(path, _)| path.ends_with(".rs") && (path.starts_with("src/") || path.starts_with("tests/")))
        .collect();
    assert!(sources.len() > 20, "the walk found only {} sources", sources.len());
    let found: Vec<Breach> = sources.iter().flat_map(|(path, text)| rules::of_source(path, text)).collect();
    assert!(found.is_empty(), "{} breaches:\n{}", found.len(), list(&found));
}

#[test]
fn no_file_names_a_folder_of_the_machine_it_was_written_on() {
    let files = files(root());
    assert!(files.iter().any(|(path, _)| path == "Cargo.toml"), "the walk missed Cargo.toml");
    let found: Vec<Breach> = files.iter().flat_map(|(path, text)| rules::of_text(path, text)).collect();
    assert!(found.is_empty(), "{} breaches:\n{}", found.len(), list(&found));
}

#[test]
fn the_map_shows_the_floors_that_the_rules_enforce() {
    let map = fs::read_to_string(root().join("src/README.md")).unwrap();
    // | 1 | `text`, `lexicon` | what they are for |
    let rows = map.lines().filter_map(|line| {
        let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
        let floor: usize = cells.next()?.parse().ok()?;
        Some((floor, cells.next()?.split(',').map(|name| name.trim().trim_matches('`')).collect::<Vec<_>>()))
    });
    let enforced = rules::FLOORS.iter().enumerate().map(|(floor, modules)| (floor, modules.to_vec()));
    assert_eq!(rows.collect::<Vec<_>>(), enforced.collect::<Vec<_>>());
}

#[test]
fn every_path_on_the_map_leads_somewhere() {
    let map = fs::read_to_string(root().join("src/README.md")).unwrap();
    let quoted = map.split('`').skip(1).step_by(2);
    let paths: Vec<&str> = quoted
        .filter(|text| ["src/", "tests/", "config/", "systemd/", ".ci/"].iter().any(|folder| text.starts_with(folder)))
        .collect();
    assert!(paths.len() > 10, "the map names only {} paths", paths.len());
    let lost: Vec<_> = paths.iter().filter(|path| !root().join(path).exists()).collect();
    assert!(lost.is_empty(), "src/README.md names paths that do not exist: {lost:?}");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file of the package: its path relative to the package, and its text.
fn files(root: &Path) -> Vec<(String, String)> {
    let mut folders = vec![root.to_path_buf()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in entries(&folder) {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if path.is_dir() {
                if !SKIPPED.contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if let Ok(text) = fs::read_to_string(&path) {
                let relative = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                // In a worktree `.git` is a file with an absolute path.
                if relative != ".git" {
                    found.push((relative, text));
                }
            }
        }
    }
    found.sort();
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn list(found: &[Breach]) -> String {
    found.iter().map(|breach| format!("  {breach}\n")).collect()
}
