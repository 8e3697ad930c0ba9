0:
  vmovsd (%r8, %r15), %xmm1
  vmovsd (%r10, %r13), %xmm2
  jmp 1
1:
  leaq 1(%r12), %r12
  leaq (%r15, %rcx), %r15
  leaq (%r13, %r11), %r13
  vmulsd %xmm2, %xmm1, %xmm1
  vaddsd %xmm1, %xmm0, %xmm0
  cmpq %rax, %r12
  jnz 0 else out
