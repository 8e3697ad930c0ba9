use brolga::prelude::*;

#[derive(Clone, Serialize)]
struct V {
    x: f64,
}

#[derive(Clone, Clone)]
#[repr(packed)]
struct W {
    x: f64,
}

enum Shape {
    Circle(f64),
    Square { side: f64 },
}

enum Generic<T> {
    A,
}

#[repr(C)]
enum Repr {
    A,
}

impl Display for V {
    fn fmt(&self) {}
}

impl PartialEq for V {
    fn eq(&self, other: &V) -> bool {
        true
    }
}

impl std::ops::Index<usize> for V {
    type Output = f64;
    fn index(&self, i: usize) -> &f64 {
        &self.x
    }
}

impl V {
    #[vectorize]
    fn kernel(x: f64) -> f64 {
        x
    }

    fn boxed(self: Box<Self>) {}

    type T = f64;

    fn base() {
        let v = V { .. };
    }
}

fn free(self) {}

trait Area {
    fn area(&self) -> f64;
}

union U {
    a: f32,
    b: u32,
}
