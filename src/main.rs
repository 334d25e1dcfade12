//! The binary: parse the command line, run it, answer with its exit code.

fn main() -> std::process::ExitCode {
    openline::cli::run()
}
