//! The globals of a module: the values that the host binds to its `static`s, and the blocks
//! of them that kernels read. Not where compiled code finds one: that is
//! [`brolga_abi::GlobalBlock`].
//!
//! Invariant: the bound values change all at once, and a block is made of the values of one
//! moment, so that a kernel which reads two globals sees a state that the host has set.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use brolga_abi::{DType, GlobalBlock, GlobalMeta, GlobalType};
use brolga_lang::ir;
use brolga_lang::suggest;
use half::{bf16, f16};
use num_complex::Complex;

use crate::error::{Error, ErrorKind};

/// A value for a global: a number, a complex number, a tuple or an array, with its type.
///
/// ```
/// use brolga_runtime::GlobalValue;
///
/// let table = GlobalValue::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
/// assert_eq!(table.ty().to_string(), "[[f64; 3]; 2]");
/// assert_eq!(table.get::<[[f64; 3]; 2]>().unwrap()[1], [4.0, 5.0, 6.0]);
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GlobalValue {
    ty: GlobalType,
    words: Vec<u64>,
}

impl GlobalValue {
    /// The value of type `ty` with these bits, scalar by scalar and zero-extended (a complex
    /// number has two words); `None` if their number is not that of the type.
    pub fn from_words(ty: GlobalType, words: Vec<u64>) -> Option<GlobalValue> {
        (ty.words() == words.len() as u64).then_some(GlobalValue { ty, words })
    }

    /// An array of this shape, from its elements in C order; `None` if their number is not
    /// that of the shape, or an axis is longer than a `u32` counts.
    pub fn array<T: GlobalElement>(shape: &[usize], elements: &[T]) -> Option<GlobalValue> {
        let mut ty = T::ty();
        let mut words = Vec::new();
        for element in elements {
            element.write(&mut words);
        }
        for &length in shape.iter().rev() {
            ty = GlobalType::Array(Box::new(ty), u32::try_from(length).ok()?);
        }
        GlobalValue::from_words(ty, words)
    }

    /// The type.
    pub fn ty(&self) -> &GlobalType {
        &self.ty
    }

    /// The bits of the scalars in order.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// The value, if it has the type of `T`. A `T` of complex numbers also takes the pairs of
    /// equal floats that they are in compiled code.
    pub fn get<T: GlobalElement>(&self) -> Option<T> {
        (self.ty == T::ty() || self.ty.takes(&T::ty()))
            .then(|| T::read(&mut self.words.iter().copied()))
    }
}

/// A Rust type that a global's value may have: `bool`, the integers, `f32`, `f64`,
/// `half::f16`, `half::bf16`, `num_complex::Complex`, arrays of these, arrays of arrays.
pub trait GlobalElement: Sized {
    /// Its type as a global's.
    fn ty() -> GlobalType;
    /// Appends its bits.
    fn write(&self, words: &mut Vec<u64>);
    /// Takes it from as many words as it has; missing ones are 0.
    fn read(words: &mut dyn Iterator<Item = u64>) -> Self;
}

macro_rules! scalars {
    ($($ty:ty: $dtype:ident, $value:ident => $to:expr, $word:ident => $from:expr;)*) => {$(
        impl GlobalElement for $ty {
            fn ty() -> GlobalType {
                GlobalType::Scalar(DType::$dtype)
            }
            fn write(&self, words: &mut Vec<u64>) {
                let $value = *self;
                words.push($to);
            }
            fn read(words: &mut dyn Iterator<Item = u64>) -> Self {
                let $word = words.next().unwrap_or_default();
                $from
            }
        }
    )*};
}

scalars! {
    bool: Bool, v => u64::from(v), w => w & 1 == 1;
    i8: I8, v => u64::from(v as u8), w => w as i8;
    i16: I16, v => u64::from(v as u16), w => w as i16;
    i32: I32, v => u64::from(v as u32), w => w as i32;
    i64: I64, v => v as u64, w => w as i64;
    isize: I64, v => v as u64, w => w as isize;
    u8: U8, v => u64::from(v), w => w as u8;
    u16: U16, v => u64::from(v), w => w as u16;
    u32: U32, v => u64::from(v), w => w as u32;
    u64: U64, v => v, w => w;
    usize: U64, v => v as u64, w => w as usize;
    f32: F32, v => u64::from(v.to_bits()), w => f32::from_bits(w as u32);
    f64: F64, v => v.to_bits(), w => f64::from_bits(w);
    f16: F16, v => u64::from(v.to_bits()), w => f16::from_bits(w as u16);
    bf16: Bf16, v => u64::from(v.to_bits()), w => bf16::from_bits(w as u16);
}

macro_rules! complex {
    ($($part:ty: $dtype:ident;)*) => {$(
        impl GlobalElement for Complex<$part> {
            fn ty() -> GlobalType {
                GlobalType::Scalar(DType::$dtype)
            }
            fn write(&self, words: &mut Vec<u64>) {
                self.re.write(words);
                self.im.write(words);
            }
            fn read(words: &mut dyn Iterator<Item = u64>) -> Self {
                let re = <$part>::read(words);
                Complex::new(re, <$part>::read(words))
            }
        }
    )*};
}

complex! {
    f32: ComplexF32;
    f64: ComplexF64;
}

impl<T: GlobalElement, const N: usize> GlobalElement for [T; N] {
    fn ty() -> GlobalType {
        // No global is longer: a longer array has the type of no global.
        let length = u32::try_from(N).unwrap_or(u32::MAX);
        GlobalType::Array(Box::new(T::ty()), length)
    }
    fn write(&self, words: &mut Vec<u64>) {
        for element in self {
            element.write(words);
        }
    }
    fn read(words: &mut dyn Iterator<Item = u64>) -> Self {
        std::array::from_fn(|_| T::read(words))
    }
}

impl<T: GlobalElement> From<T> for GlobalValue {
    fn from(value: T) -> GlobalValue {
        let mut words = Vec::new();
        value.write(&mut words);
        GlobalValue { ty: T::ty(), words }
    }
}

impl<T: GlobalElement> From<&[T]> for GlobalValue {
    fn from(elements: &[T]) -> GlobalValue {
        let length = u32::try_from(elements.len()).unwrap_or(u32::MAX);
        let mut words = Vec::new();
        for element in elements {
            element.write(&mut words);
        }
        GlobalValue {
            ty: GlobalType::Array(Box::new(T::ty()), length),
            words,
        }
    }
}

impl<T: GlobalElement> From<Vec<T>> for GlobalValue {
    fn from(elements: Vec<T>) -> GlobalValue {
        elements.as_slice().into()
    }
}

/// The global of this name.
pub(crate) fn find<'g>(known: &'g [GlobalMeta], name: &str) -> Result<&'g GlobalMeta, Error> {
    if let Some(meta) = known.iter().find(|meta| meta.name == name) {
        return Ok(meta);
    }
    let names = || known.iter().map(|meta| meta.name.as_str());
    let mut near = suggest::near(name, names());
    if near.is_empty() {
        near = names().take(10).collect();
    }
    let near: Vec<String> = near.into_iter().map(|name| format!("`{name}`")).collect();
    let hint = match near.as_slice() {
        [] => ": the module has no `static`".to_string(),
        [one] => format!("; there is {one}"),
        several => format!("; there are {}", several.join(", ")),
    };
    Err(Error::new(
        ErrorKind::UnknownGlobal,
        format!("there is no global `{name}`{hint}"),
    ))
}

/// Whether a value may be bound to the global of this name.
pub(crate) fn check(known: &[GlobalMeta], name: &str, value: &GlobalValue) -> Result<(), Error> {
    let meta = find(known, name)?;
    if meta.ty.takes(&value.ty) && value.words.len() == meta.default.len() {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::GlobalType,
        format!(
            "the global `{name}` has the type `{}`, the value has the type `{}`",
            meta.ty, value.ty
        ),
    ))
}

/// What the host has bound in a module.
#[derive(Default)]
pub(crate) struct Bindings {
    current: RwLock<Arc<Values>>,
    /// The number of the current values, or for a moment the one before.
    number: AtomicU64,
}

/// All bound values of one moment.
#[derive(Clone, Default)]
struct Values {
    /// Counts the changes.
    number: u64,
    by_name: HashMap<String, GlobalValue>,
}

impl Bindings {
    fn values(&self) -> Arc<Values> {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Binds checked values, all at once.
    pub fn bind(&self, values: Vec<(&str, GlobalValue)>) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let mut next = Values::clone(&current);
        next.number += 1;
        for (name, value) in values {
            next.by_name.insert(name.to_string(), value);
        }
        let number = next.number;
        *current = Arc::new(next);
        // Before the lock is given back, so that the numbers are published in order.
        self.number.store(number, Ordering::Release);
    }

    /// The value that a global has now.
    pub fn value(&self, meta: &GlobalMeta) -> GlobalValue {
        let values = self.values();
        let bound = values.by_name.get(&meta.name);
        // Shown with the global's own type, not with that of the value given.
        GlobalValue {
            ty: meta.ty.clone(),
            words: bound.map_or(&meta.default, |value| &value.words).clone(),
        }
    }
}

/// The globals that one specialisation reads.
pub(crate) struct Globals {
    metas: Vec<GlobalMeta>,
    bindings: Arc<Bindings>,
    /// The newest block, and the number of its values.
    last: Mutex<(u64, Arc<GlobalBlock>)>,
}

impl Globals {
    /// The globals of these descriptions, in the order of the block; `None` if there are
    /// none.
    pub fn of(metas: Vec<GlobalMeta>, bindings: &Arc<Bindings>) -> Result<Option<Globals>, Error> {
        if metas.is_empty() {
            return Ok(None);
        }
        let values = bindings.values();
        let block = build(&metas, &values).ok_or_else(|| {
            Error::new(
                ErrorKind::Link,
                "the globals of the kernel do not fit in memory",
            )
        })?;
        Ok(Some(Globals {
            metas,
            bindings: bindings.clone(),
            last: Mutex::new((values.number, Arc::new(block))),
        }))
    }

    /// The block of the values as they are now.
    pub fn block(&self) -> Arc<GlobalBlock> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, block) = &mut *last;
        // Whoever comes after a `bind` sees its number; most calls find their block made.
        if *number < self.bindings.number.load(Ordering::Acquire) {
            let values = self.bindings.values();
            if let Some(new) = build(&self.metas, &values) {
                (*number, *block) = (values.number, Arc::new(new));
            }
        }
        // Another call may have seen a newer state meanwhile: that is as good.
        block.clone()
    }
}

fn build(metas: &[GlobalMeta], values: &Values) -> Option<GlobalBlock> {
    GlobalBlock::build(metas.iter().map(|meta| {
        let bound = values.by_name.get(&meta.name);
        // What was bound was checked against the declared type, from which `meta` comes.
        let words = bound
            .filter(|value| meta.ty.takes(&value.ty))
            .map_or(&meta.default, |value| &value.words);
        (&meta.ty, words.as_slice())
    }))
}

/// The description of a global as it is declared, where half and complex numbers are still
/// themselves.
pub(crate) fn declared(meta: &brolga_lang::GlobalMeta) -> GlobalMeta {
    let own = GlobalMeta {
        doc: meta.doc.clone(),
        ..self::meta(&meta.global)
    };
    match GlobalType::parse(&meta.type_name) {
        Some(ty) if own.ty.takes(&ty) => GlobalMeta { ty, ..own },
        _ => own,
    }
}

/// The description of a global of a program.
pub(crate) fn meta(global: &ir::Global) -> GlobalMeta {
    GlobalMeta {
        name: global.name.clone(),
        ty: of_type(&global.ty),
        default: global.default.0.clone(),
        doc: String::new(),
    }
}

fn of_type(ty: &ir::Type) -> GlobalType {
    match ty {
        ir::Type::Scalar(scalar) => GlobalType::Scalar(scalar.dtype()),
        ir::Type::Tuple(members) => GlobalType::Tuple(members.iter().map(of_type).collect()),
        ir::Type::Array(element, length) => GlobalType::Array(Box::new(of_type(element)), *length),
        // The verifier refuses globals of other types.
        ir::Type::View(_) | ir::Type::Never => GlobalType::Tuple(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};

    fn known() -> Vec<GlobalMeta> {
        let meta = |name: &str, ty: &str, default: Vec<u64>| GlobalMeta {
            name: name.to_string(),
            ty: GlobalType::parse(ty).unwrap(),
            default,
            doc: String::new(),
        };
        vec![
            meta("SLOPE", "f64", vec![0.1_f64.to_bits()]),
            meta("TABLE", "[i32; 3]", vec![1, 2, 3]),
            meta("PHASE", "Complex<f64>", vec![0, 0]),
        ]
    }

    #[test]
    fn values_know_their_types() {
        let shown = |value: GlobalValue| value.ty().to_string();
        assert_eq!(shown(2.5.into()), "f64");
        assert_eq!(shown(7_usize.into()), "u64");
        assert_eq!(shown([[f16::ONE; 2]; 3].into()), "[[f16; 2]; 3]");
        assert_eq!(
            shown(vec![Complex::new(1.0_f32, 0.0)].into()),
            "[Complex<f32>; 1]"
        );
        assert_eq!(GlobalValue::from([1_i8, -1]).words(), [1, 0xff]);
        assert_eq!(GlobalValue::from(-1_i8).get::<i8>(), Some(-1));
        assert_eq!(GlobalValue::from(-1_i8).get::<u8>(), None);
        let square = GlobalValue::array(&[2, 2], &[1.0_f32, 2.0, 3.0, 4.0]).unwrap();
        assert_eq!(square.get(), Some([[1.0_f32, 2.0], [3.0, 4.0]]));
        assert_eq!(GlobalValue::array(&[2, 2], &[1.0_f32]), None);
    }

    #[test]
    fn wrong_names_and_types_name_both_sides() {
        let known = known();
        let refused = |name: &str, value: GlobalValue| {
            let error = check(&known, name, &value).unwrap_err();
            (error.kind(), error.to_string())
        };
        assert!(check(&known, "TABLE", &[4, 5, 6].into()).is_ok());
        assert!(check(&known, "PHASE", &Complex::new(0.5, 1.0).into()).is_ok());
        assert_eq!(
            refused("SLOP", 1.0.into()),
            (
                ErrorKind::UnknownGlobal,
                "there is no global `SLOP`; there is `SLOPE`".to_string()
            )
        );
        assert_eq!(
            refused("SLOPE", 1.0_f32.into()),
            (
                ErrorKind::GlobalType,
                "the global `SLOPE` has the type `f64`, the value has the type `f32`".to_string()
            )
        );
        assert_eq!(
            refused("TABLE", [1, 2].into()).1,
            "the global `TABLE` has the type `[i32; 3]`, the value has the type `[i32; 2]`"
        );
        assert_eq!(
            find(&[], "X").unwrap_err().to_string(),
            "there is no global `X`: the module has no `static`"
        );
    }

    #[test]
    fn a_block_takes_the_values_of_one_moment() {
        let pair = |name: &str| GlobalMeta {
            name: name.to_string(),
            ty: GlobalType::parse("[u64; 64]").unwrap(),
            default: vec![0; 64],
            doc: String::new(),
        };
        let bindings = Arc::<Bindings>::default();
        let globals = Globals::of(vec![pair("A"), pair("B")], &bindings)
            .unwrap()
            .unwrap();
        let first = globals.block();
        assert!(Arc::ptr_eq(&first, &globals.block()));
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while !done.load(Ordering::Relaxed) {
                        let block = globals.block();
                        // SAFETY: the block has two arrays of 64 words.
                        let words = unsafe {
                            std::slice::from_raw_parts(block.as_ptr().cast::<u64>(), 128)
                        };
                        assert!(words.iter().all(|word| *word == words[0]));
                    }
                });
            }
            for number in 1..2000_u64 {
                let value = GlobalValue::from([number; 64]);
                bindings.bind(vec![("A", value.clone()), ("B", value)]);
            }
            done.store(true, Ordering::Relaxed);
        });
        let value = bindings.value(&pair("A"));
        assert_eq!(value.get::<[u64; 64]>(), Some([1999; 64]));
        // A call that holds the old block still sees the old values.
        // SAFETY: the block has two arrays of 64 words.
        assert_eq!(unsafe { *first.as_ptr().cast::<u64>() }, 0);
    }
}
