//! Modules, `use` and statics: what paths mean, in one text and in several files.

use brolga_lang::{FileText, Module, fingerprint, verify};

fn file(path: &str, text: &str) -> FileText {
    FileText {
        path: path.to_string(),
        name: format!("folder/{path}"),
        text: text.to_string(),
    }
}

/// Checks the module, and compiles its kernel.
fn accepted(text: &str, kernel: &str) -> Module {
    let module = match Module::parse("k.rs", text) {
        Ok(module) => module,
        Err(errors) => panic!("{errors}"),
    };
    if let Err(errors) = module.check() {
        panic!("{errors}");
    }
    let program = match module.specialise(kernel, &[]) {
        Ok(program) => program,
        Err(error) => panic!("{kernel}: {error}"),
    };
    verify(&program).expect("a sound program");
    module
}

fn codes(text: &str) -> Vec<&'static str> {
    let errors = match Module::parse("k.rs", text) {
        Err(errors) => errors,
        Ok(module) => module.check().expect_err(text),
    };
    errors.list.iter().map(|error| error.code).collect()
}

const MODULES: &str = "
    pub mod consts {
        pub const G: f64 = 9.81;
        /// Doc.
        pub static GAIN: f64 = 2.0 * G;
        pub(crate) mod deep { pub fn twice(x: f64) -> f64 { super::super::half(x) * 4.0 } }
    }
    mod geometry {
        use super::consts::{self, G as GRAVITY, deep::*};
        pub use self::inner::area as surface;
        mod inner { pub fn area(a: f64) -> f64 { a * crate::consts::G } }
        #[vectorize]
        pub fn area(a: f64) -> f64 { inner::area(a) + GRAVITY + consts::GAIN + twice(a) }
    }
    use geometry::surface;
    fn half(x: f64) -> f64 { x / 2.0 }
    #[vectorize]
    fn kernel(x: f64) -> f64 { surface(x) + self::geometry::area(x) + crate::half(x) + consts::G }
";

#[test]
fn paths_and_uses_lead_through_modules() {
    let module = accepted(MODULES, "kernel");
    let names: Vec<&str> = module.kernels().iter().map(|k| k.name.as_str()).collect();
    assert_eq!(names, ["kernel", "geometry::area"]);
    accepted(MODULES, "geometry::area");
    let globals = module.globals().expect("sound statics");
    assert_eq!(globals.len(), 1);
    assert_eq!(globals[0].global.name, "consts::GAIN");
    assert_eq!(globals[0].global.default.0, [19.62f64.to_bits()]);
    assert_eq!(
        (globals[0].type_name.as_str(), globals[0].doc.as_str()),
        ("f64", "Doc.")
    );
    let program = module.specialise("kernel", &[]).expect("a program");
    assert_eq!(program.globals.len(), 1);
    let unknown = module.specialise("geometry::inner::area", &[]);
    assert!(unknown.is_err_and(|e| e.to_string().contains("none of the attributes")));
}

#[test]
fn the_example_is_accepted() {
    let text = include_str!("../../../examples/language/modules.rs");
    accepted(text, "reached");
    accepted(text, "motion::fall");
}

#[test]
fn wrong_paths_have_rustc_s_codes() {
    for (text, code) in [
        ("mod a { fn f() {} } fn g() { a::f() }", "E0603"),
        ("mod a { fn f() {} } use a::f; fn g() { f() }", "E0603"),
        (
            "mod a { mod b { pub fn f() {} } } fn g() { a::b::f() }",
            "E0603",
        ),
        ("mod a { pub fn f() {} } use a::h;", "E0432"),
        ("use nowhere::h; fn g() { h() }", "E0432"),
        ("use nowhere::*;", "E0432"),
        ("fn g() { nowhere::h() }", "E0433"),
        ("mod a { pub fn f() {} } fn g() { a::h() }", "E0425"),
        ("mod a { pub fn f() {} } fn g() { a::b::h() }", "E0433"),
        ("use super::x;", "E0433"),
        ("fn g() { super::x() }", "E0433"),
        ("mod a {} mod a {}", "E0428"),
        ("mod a { pub fn f() {} } use a::f; fn f() {}", "E0255"),
        (
            "mod a { use super::b::x; } mod b { pub use super::c::x; } mod c { pub use super::b::x; }",
            "E0432",
        ),
        ("mod a { fn f() {} pub use self::f as g; }", "E0364"),
        (
            "mod a { pub fn f() {} } mod b { pub fn f() {} } use a::*; use b::*; fn g() { f() }",
            "E0659",
        ),
        ("mod a; fn g() {}", "B0701"),
        ("#[path = \"x.rs\"] mod a;", "B0005"),
        ("mod std {}", "B0702"),
        ("fn f() { mod a {} }", "B0003"),
        ("static mut X: f64 = 1.0;", "B0003"),
        ("static X: f64 = 1.0; fn f() { X = 2.0; }", "E0594"),
        ("static X: f64 = 1.0; fn f() { X += 2.0; }", "E0594"),
        ("static X: f64 = 1; fn f() {}", "E0308"),
        ("static X: f64 = 1.0; const Y: f64 = X;", "B0710"),
        ("static X: f64 = 1.0; static Y: f64 = X;", "B0710"),
        (
            "static X: i32 = 1; fn f(x: i32) -> i32 { match x { X => 1, _ => 0 } }",
            "E0530",
        ),
        ("static X: ArrayView1<f64> = 1.0;", "B0711"),
        ("static X: i32 = 1 / 0;", "E0080"),
    ] {
        let found = codes(text);
        assert!(found.contains(&code), "{text}: {found:?}");
    }
    // A private function is E0603 in the use itself too, with one error.
    assert_eq!(codes("mod a { fn f() {} } fn g() { a::f() }"), ["E0603"]);
}

#[test]
fn what_needs_no_other_is_found_in_any_order() {
    accepted(
        "use a::x; #[vectorize] fn k(y: f64) -> f64 { x(y) + z(y) }
         mod a { pub use super::b::*; pub use super::*; }
         mod b { pub use super::c::w as x; use super::a; }
         mod c { pub fn w(y: f64) -> f64 { y } }
         fn z(y: f64) -> f64 { a::z2(y) } fn z2(y: f64) -> f64 { y }",
        "k",
    );
    accepted(
        "mod norm { pub fn norm(x: f64) -> f64 { x } }
         use norm::norm; #[vectorize] fn k(x: f64) -> f64 { use norm::norm as n; n(norm(x)) }",
        "k",
    );
}

#[test]
fn files_are_joined_and_errors_name_the_right_one() {
    let files = [
        file(
            "kernels.rs",
            "mod a;\nmod b { pub mod c; }\n#[vectorize]\nfn k(x: i32) -> i32 { a::f(x) + b::c::g(x) }\n",
        ),
        file(
            "a.rs",
            "mod inner;\npub fn f(x: i32) -> i32 { inner::h(x) }\n",
        ),
        file("a/inner.rs", "pub fn h(x: i32) -> i32 {\n    1 / x\n}\n"),
        file("b/c/mod.rs", "pub fn g(x: i32) -> i32 { x % 3 }\n"),
    ];
    let module = Module::parse_files(&files).unwrap_or_else(|e| panic!("{e}"));
    module.check().unwrap_or_else(|e| panic!("{e}"));
    let program = module.specialise("k", &[]).expect("a program");
    let sites: Vec<(String, u32, u32)> = program
        .sites
        .0
        .iter()
        .map(|s| (s.file.clone(), s.line, s.column))
        .collect();
    assert!(
        sites.contains(&("folder/a/inner.rs".to_string(), 2, 5)),
        "{sites:?}"
    );

    let mut wrong = files.to_vec();
    wrong[2].text = "\npub fn h(x: i32) -> i32 { y }".to_string();
    wrong[3].text = "fn g(x: i32) -> i32 { x + / 3 }\npub fn g2() {}".to_string();
    let errors = Module::parse_files(&wrong).expect_err("errors").to_string();
    assert!(errors.contains("folder/a/inner.rs:2:27"), "{errors}");
    assert!(errors.contains("folder/b/c/mod.rs:1:"), "{errors}");

    let missing = Module::parse_files(&files[..3]).expect_err("an error");
    assert_eq!(missing.list[0].code, "E0583");
    let mut both = files.to_vec();
    both.push(file("a/mod.rs", ""));
    let both = Module::parse_files(&both).expect_err("an error");
    assert_eq!(both.list[0].code, "E0761");
}

#[test]
fn where_a_function_stands_does_not_change_the_fingerprint() {
    let print = |text: &str| {
        let module = Module::parse("k.rs", text).unwrap_or_else(|e| panic!("{e}"));
        fingerprint(&module.specialise("k", &[]).expect("a program"))
    };
    let one = print("fn f(x: f64) -> f64 { x * 2.0 } #[vectorize] fn k(x: f64) -> f64 { f(x) }");
    let two = print(
        "mod a { pub fn f(x: f64) -> f64 { x * 2.0 } } use a::f;\n#[vectorize] fn k(x: f64) -> f64 { f(x) }",
    );
    assert_eq!(one, two);
    let stat = |value: &str, ty: &str| {
        print(&format!(
            "static S: {ty} = {value}; #[vectorize] fn k(x: f64) -> f64 {{ x + S as f64 }}"
        ))
    };
    assert_eq!(stat("1.0", "f64"), stat("2.0", "f64"));
    assert_ne!(stat("1.0", "f64"), stat("1.0", "f32"));
}

#[test]
fn a_syntax_error_hides_no_other_error() {
    let text = "fn a() { 1 + / 2 }\nfn b() { let x: i32 = 1.0; unsafe { y() }; z }\nconst C: f64 = ;\nfn d() { a(); undefined(); C; }";
    let errors = Module::parse("k.rs", text).expect_err("errors");
    let found: Vec<&str> = errors.list.iter().map(|e| e.code).collect();
    assert_eq!(
        found,
        ["B0002", "E0308", "B0010", "E0425", "B0002", "E0425"],
        "{errors}"
    );
}

const TYPES: &str = "
    mod geometry {
        pub const N: usize = 3;
        #[derive(Clone, Copy, PartialEq, Debug)]
        pub struct Vec3 { pub x: f64, pub y: f64, z: f64 }
        impl Vec3 {
            pub const ZERO: Vec3 = Vec3 { x: 0.0, y: 0.0, z: 0.0 };
            pub fn new(x: f64, y: f64, z: f64) -> Self { Self { x, y, z } }
            pub fn dot(self, other: Vec3) -> f64 { self.x * other.x + self.y * other.y + self.z * other.z }
        }
        #[derive(Clone, Copy)]
        pub struct Pair<T>(pub T, pub T);
        #[derive(Clone, Copy, PartialEq)]
        pub enum Mode { Slow, Fast }
        pub mod line { pub struct Line { pub from: super::Vec3, pub to: crate::geometry::Vec3 } }
    }
    mod more {
        use super::geometry::Vec3;
        impl Vec3 { pub fn norm2(self) -> f64 { self.dot(self) } }
        impl std::ops::Add for Vec3 {
            type Output = Vec3;
            fn add(self, o: Vec3) -> Vec3 { Vec3::new(self.x + o.x, self.y + o.y, 0.0) }
        }
    }
    use geometry::{self as g, Pair, Mode, Mode::Fast, line::*};
    struct Mine { v: g::Vec3, mode: geometry::Mode, a: [f64; geometry::N + 1] }
    fn length(l: &Line) -> f64 { (l.from + l.to).norm2() }
    fn speed(m: Mode) -> f64 {
        use Mode::*;
        match m { Slow => 1.0, Fast => 2.0 }
    }
    #[vectorize]
    fn kernel(x: f64) -> f64 {
        let v = g::Vec3::new(x, 1.0, 2.0);
        let Pair(a, b) = geometry::Pair::<f64>(x, x);
        let geometry::Vec3 { x: c, .. } = v;
        let p = Pair { 0: 1.0, 1: x };
        let mine = Mine { v, mode: if x > 1.0 { Fast } else { geometry::Mode::Slow }, a: [x; 4] };
        let l = Line { from: v, to: crate::geometry::Vec3::ZERO };
        let m = match mine.mode { Fast => 1.0, self::geometry::Mode::Slow => 2.0 };
        a + b + c + length(&l) + speed(mine.mode) + m + mine.a[3] + p.0 + mine.v.dot(v)
    }
";

#[test]
fn types_are_reached_through_modules() {
    accepted(TYPES, "kernel");
}

#[test]
fn what_is_private_in_a_module_stays_there() {
    let module = "mod m { #[derive(Clone, Copy)] pub struct V { pub x: f64, y: f64 } pub struct T(f64); struct H; \
        impl V { pub fn new() -> V { V { x: 1.0, y: 2.0 } } fn hidden(self) -> f64 { self.y } fn make() -> f64 { 1.0 } } \
        impl T { pub fn new() -> T { T(1.0) } } pub enum E { A } pub mod inner { pub fn f(v: super::V) -> f64 { v.y + v.hidden() } } }";
    for (text, code) in [
        ("fn f(v: m::V) -> f64 { v.y }", "E0616"),
        ("fn f(v: m::V) -> f64 { v.hidden() }", "E0624"),
        ("fn f() -> f64 { m::V::make() }", "E0624"),
        ("fn f() -> m::V { m::V { x: 1.0, y: 2.0 } }", "E0451"),
        (
            "fn f(v: m::V) -> f64 { let m::V { y, .. } = v; y }",
            "E0451",
        ),
        ("use m::T; fn f() -> T { T(1.0) }", "E0423"),
        ("use m::T; fn f(t: T) -> f64 { let T(x) = t; x }", "E0532"),
        ("fn f(h: m::H) {}", "E0603"),
        ("use m::H; fn f() {}", "E0603"),
        ("fn f(h: m::Vec) {}", "E0412"),
        ("fn f(h: n::V) {}", "E0433"),
        ("use m::E::B; fn f() {}", "E0432"),
        ("fn f() -> m::E { m::E::B }", "E0599"),
    ] {
        assert_eq!(codes(&format!("{module} {text}")), [code], "{text}");
    }
}
