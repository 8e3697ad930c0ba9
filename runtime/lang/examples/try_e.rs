use brolga_lang::{Module, Style};
fn main() {
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).unwrap();
        let module = match Module::parse(&path, &text) {
            Ok(m) => m,
            Err(e) => { println!("{}", e.render(Style::Plain)); continue; }
        };
        if let Err(e) = module.check() { println!("{}", e.render(Style::Plain)); continue; }
        for k in module.kernels() {
            let types: Vec<_> = k.type_params.iter().map(|_| brolga_abi::DType::I32).collect();
            match module.specialise(&k.name, &types) {
                Ok(p) => match brolga_lang::verify(&p) { Ok(()) => println!("{} verified", k.name), Err(e) => println!("{} VERIFY {}", k.name, e.chars().take(300).collect::<String>()) },
                Err(e) => println!("{} {:?}", k.name, e),
            }
        }
    }
}
