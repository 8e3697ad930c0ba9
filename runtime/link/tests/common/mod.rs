//! Objects to link: compiled ones, as Brolga makes them, and hand-made ones with whatever
//! a test wants to be refused.

#![allow(dead_code, reason = "every test file uses its own part")]

pub mod handmade;
pub mod lists;

use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{AbiParam, Function, InstBuilder, MemFlagsData, Signature, types};
use cranelift_codegen::isa::CallConv;
use cranelift_codegen::settings::{self, Configurable};
use cranelift_codegen::{Context, isa};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_module::{DataDescription, FuncId, Linkage, Module, default_libcall_names};
use cranelift_object::{ObjectBuilder, ObjectModule};

/// What a compiled sample shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sample {
    /// `f(x) = 2 x`
    Plain,
    /// `f(x) = exp(x)`, by the shim.
    Import,
    /// `f(x) = g(x) + 1` with a local `g(x) = 2 x`.
    LocalCall,
    /// `f(x) = TABLE[1] * x` with `TABLE = [2.5, 3.5]`.
    Data,
    /// `f(x) = exp(g(TABLE[1] * x))`
    Everything,
}

pub const SAMPLES: [Sample; 5] = [
    Sample::Plain,
    Sample::Import,
    Sample::LocalCall,
    Sample::Data,
    Sample::Everything,
];

impl Sample {
    /// What the sample's `f` must give.
    pub fn expected(self, x: f64) -> f64 {
        match self {
            Sample::Plain => 2.0 * x,
            Sample::Import => x.exp(),
            Sample::LocalCall => 2.0 * x + 1.0,
            Sample::Data => 3.5 * x,
            Sample::Everything => (2.0 * (3.5 * x)).exp(),
        }
    }

    /// The sample as an object that exports `f`.
    pub fn object(self, one_section_each: bool) -> Vec<u8> {
        let mut flags = settings::builder();
        flags.set("is_pic", "true").unwrap();
        flags.set("opt_level", "speed").unwrap();
        let isa = isa::lookup_by_name("x86_64-unknown-linux-gnu")
            .unwrap()
            .finish(settings::Flags::new(flags))
            .unwrap();
        let mut builder = ObjectBuilder::new(isa, "sample", default_libcall_names()).unwrap();
        builder.per_function_section(one_section_each);
        let mut module = ObjectModule::new(builder);

        let mut signature = Signature::new(CallConv::SystemV);
        signature.params.push(AbiParam::new(types::F64));
        signature.returns.push(AbiParam::new(types::F64));
        let everything = self == Sample::Everything;
        let mut declare =
            |name, linkage| module.declare_function(name, linkage, &signature).unwrap();
        let f = declare("f", Linkage::Export);
        let double =
            (everything || self == Sample::LocalCall).then(|| declare("g", Linkage::Local));
        let exp =
            (everything || self == Sample::Import).then(|| declare("nrt_exp_f64", Linkage::Import));
        let table = (everything || self == Sample::Data).then(|| {
            let table = module
                .declare_data("TABLE", Linkage::Local, false, false)
                .unwrap();
            let mut description = DataDescription::new();
            let words = [2.5f64, 3.5].map(f64::to_le_bytes);
            description.define(words.concat().into_boxed_slice());
            description.set_align(64);
            module.define_data(table, &description).unwrap();
            table
        });

        define(&mut module, f, &signature, |module, builder, x| {
            let mut value = x;
            if let Some(table) = table {
                let table = module.declare_data_in_func(table, builder.func);
                let address = builder.ins().symbol_value(types::I64, table);
                let word = builder
                    .ins()
                    .load(types::F64, MemFlagsData::trusted(), address, 8);
                value = builder.ins().fmul(word, value);
            }
            if let Some(double) = double {
                let double = module.declare_func_in_func(double, builder.func);
                let call = builder.ins().call(double, &[value]);
                value = builder.inst_results(call)[0];
            }
            if let Some(exp) = exp {
                let exp = module.declare_func_in_func(exp, builder.func);
                let call = builder.ins().call(exp, &[value]);
                value = builder.inst_results(call)[0];
            }
            match self {
                Sample::Plain => builder.ins().fadd(value, value),
                Sample::LocalCall => {
                    let one = builder.ins().f64const(1.0);
                    builder.ins().fadd(value, one)
                }
                Sample::Import | Sample::Data | Sample::Everything => value,
            }
        });
        if let Some(double) = double {
            define(&mut module, double, &signature, |_, builder, x| {
                builder.ins().fadd(x, x)
            });
        }
        module.finish().emit().unwrap()
    }
}

/// Defines a function of one number.
fn define(
    module: &mut ObjectModule,
    id: FuncId,
    signature: &Signature,
    body: impl FnOnce(
        &mut ObjectModule,
        &mut FunctionBuilder<'_>,
        cranelift_codegen::ir::Value,
    ) -> cranelift_codegen::ir::Value,
) {
    let mut context = Context::for_function(Function::new());
    context.func.signature = signature.clone();
    let mut scratch = FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(&mut context.func, &mut scratch);
    let block = builder.create_block();
    builder.append_block_params_for_function_params(block);
    builder.switch_to_block(block);
    let x = builder.block_params(block)[0];
    let result = body(module, &mut builder, x);
    builder.ins().return_(&[result]);
    builder.seal_all_blocks();
    builder.finalize(module.target_config());
    module
        .define_function_with_control_plane(id, &mut context, &mut ControlPlane::default())
        .unwrap();
}
