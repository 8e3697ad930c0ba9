fn a() { panic!("no end); }
