0:
  vmovsd (%r14, %r12), %xmm1
  vaddsd %xmm1, %xmm0, %xmm0
  vmovsd %xmm0, (%r10, %r13)
  jmp 1
1:
  leaq 1(%rbx), %rbx
  leaq (%r13, %rdi), %r13
  leaq (%r12, %rcx), %r12
  cmpq %rax, %rbx
  jnz 0 else out
