//! Host functions that stand in for compiled kernels, their descriptions, and arrays of
//! any layout. Shared by the test binaries; not every one uses everything.
#![allow(dead_code)]

use std::sync::{Arc, Mutex};

use brolga_abi::{
    Bound, DType, ElementType, Entry, FunctionMeta, GlobalBlock, GufuncSignature, KernelContext,
    KernelFn, KernelKind, KernelOptions, PanicKind, ParamMeta, ParamType, RawView, RawViewMut,
    Site, Status, TypeParam,
};
use brolga_parallel::Pool;
use brolga_ufunc::{CallEnvironment, Error, Specialise, Specialised, bf16, f16};

pub mod kernels;

/// A kernel whose specialisations are host functions.
pub struct Host {
    pub meta: FunctionMeta,
    pub variants: Vec<(Vec<DType>, KernelFn)>,
    pub can_fail: bool,
    pub cost: u32,
    pub sites: Vec<Site>,
    pub pool: Option<Pool>,
    /// The types of every specialisation that was asked for.
    pub asked: Mutex<Vec<Vec<DType>>>,
}

struct Compiled {
    entry: Entry,
    sites: Vec<Site>,
}

// SAFETY: the entry is a function of this program.
unsafe impl Specialised for Compiled {
    fn entry(&self) -> Result<Entry, Error> {
        Ok(self.entry)
    }
    fn sites(&self) -> Vec<Site> {
        self.sites.clone()
    }
    fn globals(&self) -> Option<Arc<GlobalBlock>> {
        Some(kernels::globals())
    }
}

impl Specialise for Host {
    fn meta(&self) -> &FunctionMeta {
        &self.meta
    }

    fn specialise(&self, types: &[DType]) -> Result<Arc<dyn Specialised>, Error> {
        self.asked.lock().unwrap().push(types.to_vec());
        let variant = self.variants.iter().find(|(own, _)| own == types);
        let Some((_, function)) = variant else {
            return Err(Error::compile(format!("no variant for {types:?}").into()));
        };
        Ok(Arc::new(Compiled {
            entry: Entry {
                function: *function,
                can_fail: self.can_fail,
                cost: self.cost,
            },
            sites: self.sites.clone(),
        }))
    }

    fn environment(&self) -> CallEnvironment<'_> {
        CallEnvironment {
            pool: self.pool.as_ref(),
            stack_limit: || kernels::STACK_LIMIT,
        }
    }
}

pub fn scalar(name: &str, element: ElementType) -> ParamMeta {
    ParamMeta {
        name: name.to_string(),
        ty: ParamType::Scalar(element),
    }
}

pub fn array(name: &str, element: ElementType, ndim: u8, mutable: bool) -> ParamMeta {
    ParamMeta {
        name: name.to_string(),
        ty: ParamType::View {
            element,
            ndim,
            mutable,
        },
    }
}

pub const fn is(dtype: DType) -> ElementType {
    ElementType::Concrete(dtype)
}

/// The first type parameter.
pub const T: ElementType = ElementType::Param(0);

pub fn bound(bound: Bound) -> Vec<TypeParam> {
    vec![TypeParam {
        name: "T".to_string(),
        bound,
    }]
}

pub fn meta(
    name: &str,
    kind: KernelKind,
    type_params: Vec<TypeParam>,
    params: Vec<ParamMeta>,
    results: Vec<ElementType>,
) -> FunctionMeta {
    FunctionMeta {
        name: name.to_string(),
        kind,
        doc: String::new(),
        type_params,
        params,
        results,
        options: KernelOptions::default(),
    }
}

pub fn gufunc_kind(signature: &str) -> KernelKind {
    KernelKind::Guvectorize(GufuncSignature::parse(signature).unwrap())
}

pub fn site(function: &str, line: u32, kind: PanicKind) -> Site {
    Site {
        kind,
        function: function.to_string(),
        file: "kernels.rs".to_string(),
        line,
        column: 5,
    }
}

impl Host {
    pub fn new(meta: FunctionMeta, variants: Vec<(Vec<DType>, KernelFn)>) -> Host {
        Host {
            meta,
            variants,
            can_fail: false,
            cost: 1,
            sites: Vec::new(),
            pool: None,
            asked: Mutex::new(Vec::new()),
        }
    }

    pub fn failing(mut self, sites: Vec<Site>) -> Host {
        self.can_fail = true;
        self.sites = sites;
        self
    }

    pub fn on_threads(mut self, threads: usize) -> Host {
        self.pool = Some(Pool::builder().threads(threads).build().unwrap());
        self
    }
}

/// Records a failure as compiled code does.
///
/// # Safety
/// `context` must be valid.
pub unsafe fn fail(context: *mut KernelContext, site: u32, element: u64, payload: [u64; 4]) -> u32 {
    // SAFETY: by the caller's word.
    let error = unsafe { &mut (*context).error };
    error.site = site;
    error.element = element;
    error.payload = payload;
    Status::Panic as u32
}

/// How an array lies in memory.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// Each axis draws its place by its number here; the highest is the innermost.
    pub order: [u8; 6],
    /// Axes that run downwards.
    pub flip: [bool; 6],
    /// Axes with stride 0.
    pub zero: [bool; 6],
    /// Elements between one row and the next, for each axis.
    pub gap: [u8; 6],
    /// Bytes off the alignment.
    pub shift: usize,
}

/// An array of any layout, with values given and read as `f64`.
#[derive(Clone, Debug)]
pub struct Strided {
    memory: Vec<u64>,
    offset: usize,
    pub dtype: DType,
    pub shape: Vec<usize>,
    pub strides: Vec<isize>,
}

impl Strided {
    pub fn new(dtype: DType, shape: &[usize], layout: &Layout) -> Strided {
        let mut axes: Vec<usize> = (0..shape.len()).collect();
        axes.sort_by_key(|&axis| (layout.order[axis], axis));
        let mut strides = vec![0isize; shape.len()];
        let mut span = dtype.size();
        let mut offset = layout.shift;
        for &axis in axes.iter().rev() {
            if layout.zero[axis] || shape[axis] == 0 {
                continue;
            }
            let stride = span + usize::from(layout.gap[axis]) * dtype.size();
            let reach = stride * (shape[axis] - 1);
            if layout.flip[axis] {
                offset += reach;
                strides[axis] = -(stride as isize);
            } else {
                strides[axis] = stride as isize;
            }
            span = reach + stride;
        }
        Strided {
            memory: vec![0; (span + layout.shift).div_ceil(8) + 1],
            offset,
            dtype,
            shape: shape.to_vec(),
            strides,
        }
    }

    /// The array in C order with these values.
    pub fn of(dtype: DType, shape: &[usize], values: &[f64]) -> Strided {
        let mut array = Strided::new(dtype, shape, &Layout::default());
        for (index, &value) in indices(shape).iter().zip(values) {
            array.set(index, value);
        }
        array
    }

    fn place(&self, index: &[usize]) -> *mut u8 {
        let steps: isize = index
            .iter()
            .zip(&self.strides)
            .map(|(&k, s)| k as isize * s)
            .sum();
        let base = self.memory.as_ptr().cast_mut().cast::<u8>();
        base.wrapping_add(self.offset).wrapping_offset(steps)
    }

    pub fn set(&mut self, index: &[usize], value: f64) {
        let place = self.place(index);
        macro_rules! put {
            ($ty:ty) => {{
                assert_eq!(value as $ty as f64, value);
                place.cast::<$ty>().write_unaligned(value as $ty)
            }};
        }
        // SAFETY: `new` made room for every element.
        unsafe {
            match self.dtype {
                DType::Bool => place.write(u8::from(value != 0.0)),
                DType::I8 => put!(i8),
                DType::I16 => put!(i16),
                DType::I32 => put!(i32),
                DType::I64 => put!(i64),
                DType::U8 => put!(u8),
                DType::U16 => put!(u16),
                DType::U32 => put!(u32),
                DType::U64 => put!(u64),
                DType::F32 => put!(f32),
                DType::F64 => put!(f64),
                DType::F16 => place.cast::<f16>().write_unaligned(f16::from_f64(value)),
                DType::Bf16 => place.cast::<bf16>().write_unaligned(bf16::from_f64(value)),
                DType::ComplexF32 => place
                    .cast::<[f32; 2]>()
                    .write_unaligned([value as f32, 0.0]),
                DType::ComplexF64 => place.cast::<[f64; 2]>().write_unaligned([value, 0.0]),
            }
        }
    }

    pub fn get(&self, index: &[usize]) -> f64 {
        let place = self.place(index);
        macro_rules! take {
            ($ty:ty) => {
                place.cast::<$ty>().read_unaligned() as f64
            };
        }
        // SAFETY: `new` made room for every element.
        unsafe {
            match self.dtype {
                DType::Bool => f64::from(place.read()),
                DType::I8 => take!(i8),
                DType::I16 => take!(i16),
                DType::I32 => take!(i32),
                DType::I64 => take!(i64),
                DType::U8 => take!(u8),
                DType::U16 => take!(u16),
                DType::U32 => take!(u32),
                DType::U64 => take!(u64),
                DType::F32 => take!(f32),
                DType::F64 => take!(f64),
                DType::F16 => place.cast::<f16>().read_unaligned().to_f64(),
                DType::Bf16 => place.cast::<bf16>().read_unaligned().to_f64(),
                DType::ComplexF32 => f64::from(place.cast::<[f32; 2]>().read_unaligned()[0]),
                DType::ComplexF64 => place.cast::<[f64; 2]>().read_unaligned()[0],
            }
        }
    }

    /// The element that broadcasting puts at `index` of a larger shape.
    pub fn get_broadcast(&self, index: &[usize]) -> f64 {
        let own = &index[index.len() - self.shape.len()..];
        let own: Vec<usize> = own
            .iter()
            .zip(&self.shape)
            .map(|(&k, &n)| if n == 1 { 0 } else { k })
            .collect();
        self.get(&own)
    }

    /// All elements in C order.
    pub fn values(&self) -> Vec<f64> {
        indices(&self.shape)
            .iter()
            .map(|index| self.get(index))
            .collect()
    }

    pub fn view(&self) -> RawView<'_> {
        let origin = vec![0; self.shape.len()];
        // SAFETY: `new` made room for every element, and the memory is initialised.
        unsafe { RawView::new(self.place(&origin), self.dtype, &self.shape, &self.strides) }
    }

    pub fn view_mut(&mut self) -> RawViewMut<'_> {
        let base = self.memory.as_mut_ptr().cast::<u8>();
        let ptr = base.wrapping_add(self.offset);
        // SAFETY: as in `view`, and the borrow is unique.
        unsafe { RawViewMut::new(ptr, self.dtype, &self.shape, &self.strides) }
    }
}

/// Every index of a shape, in C order.
pub fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for &n in shape {
        all = all
            .into_iter()
            .flat_map(|index: Vec<usize>| {
                (0..n).map(move |k| {
                    let mut longer = index.clone();
                    longer.push(k);
                    longer
                })
            })
            .collect();
    }
    all
}
