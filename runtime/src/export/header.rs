//! The text of a C header for one compiled kernel. Not what the kernel does: only how it is
//! called, where it can fail, and what it needs from a linker.
//!
//! Invariant: nothing of a kernel's text reaches the header but inside of comments and string
//! literals that it cannot leave.

use std::fmt::Write;
use std::mem::{offset_of, size_of};

use brolga_abi::{
    CoreDim, DType, FunctionMeta, GlobalBlock, KernelContext, KernelError, KernelKind, ParamType,
    Status, TextTables, layout_hash,
};
use brolga_cache::ObjectInfo;
use brolga_codegen::TargetSpec;

/// All that the header tells.
pub(super) struct Header<'a> {
    pub symbol: &'a str,
    /// The kernel's name, as people write it.
    pub title: String,
    pub target: &'a TargetSpec,
    pub meta: &'a FunctionMeta,
    pub types: &'a [DType],
    pub info: &'a ObjectInfo,
    pub tables: &'a TextTables,
}

/// One operand of the entry point.
struct Operand {
    name: String,
    dtype: DType,
    /// For each of its core axes, the number of its length in `dims`, and how that is told.
    axes: Vec<(usize, String)>,
    role: &'static str,
}

impl Header<'_> {
    /// The header.
    pub fn text(&self) -> String {
        let symbol = self.symbol;
        let guard = symbol.to_ascii_uppercase();
        let mut out = self.opening();
        let _ = write!(
            out,
            "#ifndef {guard}_H\n#define {guard}_H\n\n#include <stddef.h>\n#include <stdint.h>\n\n\
             #ifdef __cplusplus\nextern \"C\" {{\n#endif\n\n"
        );
        out += &abi();
        out += &self.operands();
        let _ = write!(
            out,
            "uint32_t {symbol}(void *const *args, const size_t *dims, const ptrdiff_t *steps,\n\
             \x20                struct brolga_context *context);\n\n"
        );
        out += &self.sites();
        out += &self.globals();
        out + "#ifdef __cplusplus\n}\n#endif\n\n#endif\n"
    }

    fn opening(&self) -> String {
        let TargetSpec {
            triple,
            cpu,
            features,
            ..
        } = self.target;
        let mut lines = vec![
            format!("{}, compiled by Brolga", self.title),
            format!("for {triple}, {cpu}."),
            format!("It runs only where there are: {}.", features.join(", ")),
            "Its object needs the static build of brolga-nrt, which defines:".to_string(),
        ];
        match self.info.imports.as_slice() {
            [] => lines.push("  nothing: it stands by itself".to_string()),
            imports => lines.extend(imports.iter().map(|name| format!("  {name}"))),
        }
        comment(&lines)
    }

    /// The operands in the order of `args`.
    fn list(&self) -> Vec<Operand> {
        let mut jit_dims = 0;
        let mut operands: Vec<Operand> = Vec::new();
        for (number, param) in self.meta.params.iter().enumerate() {
            let axes = (0..param.ty.ndim()).map(|axis| match &self.meta.kind {
                KernelKind::Guvectorize(signature) => {
                    let dims = signature.operands().nth(number).unwrap_or_default();
                    let dim = dims.get(axis).copied().unwrap_or_default();
                    let told = match signature.dims.get(dim) {
                        Some(CoreDim::Named(name)) => name.clone(),
                        Some(CoreDim::Fixed(size)) => size.to_string(),
                        None => String::new(),
                    };
                    (dim + 1, told)
                }
                KernelKind::Vectorize | KernelKind::Jit { .. } => {
                    jit_dims += 1;
                    (jit_dims, format!("the length of axis {axis}"))
                }
            });
            operands.push(Operand {
                name: param.name.clone(),
                dtype: param.ty.element().resolve(self.types),
                axes: axes.collect(),
                role: match param.ty {
                    ParamType::Scalar(_) | ParamType::View { mutable: false, .. } => "read",
                    ParamType::View { mutable: true, .. } => "read and written",
                },
            });
        }
        for (number, result) in self.meta.results.iter().enumerate() {
            operands.push(Operand {
                name: format!("result {number}"),
                dtype: result.resolve(self.types),
                axes: Vec::new(),
                role: "written",
            });
        }
        operands
    }

    fn operands(&self) -> String {
        let operands = self.list();
        let mut lines = vec![format!("{}: its operands are", self.title)];
        let mut next = operands.len();
        let mut dims: Vec<(usize, String)> = Vec::new();
        for (number, operand) in operands.iter().enumerate() {
            let Operand {
                name,
                dtype,
                axes,
                role,
            } = operand;
            let mut line = format!(
                "  args[{number}]  {name}: {}, {role}; steps[{number}] bytes from one to the next",
                c_type(*dtype)
            );
            for (axis, (dim, told)) in axes.iter().enumerate() {
                let _ = write!(line, "; axis {axis}: dims[{dim}] at steps[{next}] bytes");
                next += 1;
                if !dims.iter().any(|(known, _)| known == dim) {
                    dims.push((*dim, told.clone()));
                }
            }
            lines.push(line);
        }
        let looped = !matches!(self.meta.kind, KernelKind::Jit { .. });
        lines.push(match looped {
            true => "  dims[0]  how many elements to compute".to_string(),
            false => "  dims[0]  1".to_string(),
        });
        dims.sort();
        lines.extend(
            dims.iter()
                .map(|(dim, told)| format!("  dims[{dim}]  {told}")),
        );
        lines.push(
            "Every element is aligned to its type, and what is written overlaps nothing else"
                .to_string(),
        );
        lines.push(
            "(but where nothing is a view, a result may be an operand of its own type)."
                .to_string(),
        );
        lines.push(match self.info.can_fail {
            true => "It returns a status; after another than BROLGA_OK context->error tells more."
                .to_string(),
            false => "It cannot fail: it returns BROLGA_OK.".to_string(),
        });
        comment(&lines)
    }

    /// A function that gives a site by its number.
    fn sites(&self) -> String {
        let symbol = self.symbol;
        let mut out = comment(&[
            "What a number in context->error.site means; after BROLGA_PANIC.".to_string(),
        ]);
        let _ = writeln!(
            out,
            "static inline struct brolga_site {symbol}_site(uint32_t site) {{\n\
             \x20   struct brolga_site found = {{\"\", \"\", \"\", 0, 0}};\n\
             \x20   switch (site) {{"
        );
        for (number, site) in self.tables.sites.iter().enumerate() {
            let _ = writeln!(
                out,
                "    case {number}:\n\
                 \x20       found.message = {};\n\
                 \x20       found.function = {};\n\
                 \x20       found.file = {};\n\
                 \x20       found.line = {};\n\
                 \x20       found.column = {};\n\
                 \x20       break;",
                literal(&site.kind.to_string()),
                literal(&site.function),
                literal(&site.file),
                site.line,
                site.column
            );
        }
        out + "    default:\n        break;\n    }\n    return found;\n}\n\n"
    }

    /// The globals as the text begins them, where the kernel reads any.
    fn globals(&self) -> String {
        let globals = &self.tables.globals;
        let parts = globals.iter().map(|g| (&g.ty, g.default.as_slice()));
        let block = match GlobalBlock::build(parts) {
            Some(block) if !globals.is_empty() => block,
            _ => return String::new(),
        };
        let mut lines = vec![
            "The globals that the kernel reads, as its text begins them; for context->globals,"
                .to_string(),
            "which must point to such a block, aligned to 16 bytes:".to_string(),
        ];
        let mut end = 0_usize;
        for global in globals {
            let (size, align) = global.ty.layout().unwrap_or((0, 1));
            let start = end.next_multiple_of(align);
            lines.push(format!("  byte {start}: {}: {}", global.name, global.ty));
            end = start + size;
        }
        let mut out = comment(&lines);
        let symbol = self.symbol;
        let _ = write!(
            out,
            "static inline const void *{symbol}_globals(void) {{\n\
             \x20   static const uint64_t block[] __attribute__((aligned(16))) = {{\n"
        );
        for word in block.words() {
            let (low, high) = (word as u64, (word >> 64) as u64);
            let _ = writeln!(out, "        UINT64_C({low:#x}), UINT64_C({high:#x}),");
        }
        out + "    };\n    return block;\n}\n\n"
    }
}

/// What all headers share, once in a program; the compiler of the C program checks the layout.
fn abi() -> String {
    let hash = layout_hash();
    let statuses = [
        (Status::Ok, "OK", "all elements were computed"),
        (
            Status::Panic,
            "PANIC",
            "a panic of the kernel: see error.site",
        ),
        (
            Status::StackOverflow,
            "STACK_OVERFLOW",
            "recursion reached context->stack_limit",
        ),
        (
            Status::OutOfMemory,
            "OUT_OF_MEMORY",
            "no memory for an array",
        ),
        (Status::Cancelled, "CANCELLED", "*context->cancel was set"),
        (
            Status::ShimPanic,
            "SHIM_PANIC",
            "brolga-nrt itself failed; so does any other number",
        ),
    ];
    let mut out = format!(
        "#ifndef BROLGA_KERNEL_ABI\n#define BROLGA_KERNEL_ABI UINT64_C({hash:#x})\n\n\
         enum brolga_status {{\n"
    );
    for (status, name, what) in statuses {
        let _ = writeln!(out, "    BROLGA_{name} = {}, /* {what} */", status as u32);
    }
    out += "};

/* What a kernel tells of its first failure. */
struct brolga_error {
    uint32_t site;
    uint32_t reserved;
    uint64_t element;    /* the failing element, counted from context->first_index */
    uint64_t payload[4]; /* after an index out of bounds: index, length, axis */
};

/* One for each thread that runs a kernel; begin with zeros. */
struct brolga_context {
    struct brolga_error error;
    uint64_t first_index;
    uintptr_t stack_limit;  /* recursion fails below this address; 0: no limit */
    const uint32_t *cancel; /* may be null */
    const void *globals;    /* null where a kernel reads none */
    const void *pool;       /* null: the calling thread alone */
};

/* Where a kernel can fail. */
struct brolga_site {
    const char *message;
    const char *function;
    const char *file;
    uint32_t line;
    uint32_t column;
};

#ifdef __cplusplus
#define BROLGA_ASSERT(what) static_assert(what, #what)
#else
#define BROLGA_ASSERT(what) _Static_assert(what, #what)
#endif
";
    for (what, size) in [
        ("sizeof(struct brolga_error)", size_of::<KernelError>()),
        ("sizeof(struct brolga_context)", size_of::<KernelContext>()),
    ] {
        let _ = writeln!(out, "BROLGA_ASSERT({what} == {size});");
    }
    for (member, offset) in [
        ("error.element", offset_of!(KernelContext, error.element)),
        ("error.payload", offset_of!(KernelContext, error.payload)),
        ("first_index", offset_of!(KernelContext, first_index)),
        ("stack_limit", offset_of!(KernelContext, stack_limit)),
        ("cancel", offset_of!(KernelContext, cancel)),
        ("globals", offset_of!(KernelContext, globals)),
        ("pool", offset_of!(KernelContext, pool)),
    ] {
        let _ = writeln!(
            out,
            "BROLGA_ASSERT(offsetof(struct brolga_context, {member}) == {offset});"
        );
    }
    let _ = write!(
        out,
        "\n#elif BROLGA_KERNEL_ABI != UINT64_C({hash:#x})\n\
         #error \"headers of two versions of Brolga in one program\"\n#endif\n\n"
    );
    out
}

/// The type of an element in C.
fn c_type(dtype: DType) -> &'static str {
    match dtype {
        DType::Bool => "uint8_t, 0 or 1",
        DType::I8 => "int8_t",
        DType::I16 => "int16_t",
        DType::I32 => "int32_t",
        DType::I64 => "int64_t",
        DType::U8 => "uint8_t",
        DType::U16 => "uint16_t",
        DType::U32 => "uint32_t",
        DType::U64 => "uint64_t",
        DType::F32 => "float",
        DType::F64 => "double",
        DType::F16 => "uint16_t, the bits of an f16",
        DType::Bf16 => "uint16_t, the bits of a bf16",
        DType::ComplexF32 => "float[2], real and imaginary part",
        DType::ComplexF64 => "double[2], real and imaginary part",
    }
}

/// A block comment that no line can end.
fn comment(lines: &[String]) -> String {
    let mut out = String::new();
    for (number, line) in lines.iter().enumerate() {
        let start = if number == 0 { "/* " } else { " * " };
        let line: String = line
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let line = line.replace("*/", "* /").replace("/*", "/ *");
        out += format!("{start}{line}").trim_end();
        out.push('\n');
    }
    out + " */\n"
}

/// A string literal of C.
fn literal(text: &str) -> String {
    let mut out = String::from("\"");
    for byte in text.bytes() {
        match byte {
            // `?` because of trigraphs.
            b'"' | b'\\' | b'?' => out.extend(['\\', char::from(byte)]),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\{byte:03o}");
            }
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_leave_its_comment_or_literal() {
        let hostile = "a*/ int x; /* b\n*/ \\";
        let text = comment(&[hostile.to_string(), "/*/ */*/".to_string()]);
        assert_eq!(text.matches("*/").count(), 1, "{text}");
        assert_eq!(text.matches("/*").count(), 1, "{text}");
        assert!(text.ends_with(" */\n"));
        assert_eq!(literal("a\"b\\\n??/é"), r#""a\"b\\\012\?\?/\303\251""#);
    }
}
