//! stub
mod bare;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("runtime");
    runtime.block_on(bare::run(&args[2], args[3].parse().expect("n")));
}
