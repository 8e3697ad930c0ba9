0:
  movq %r15, %r8
  imulq %r13, %r8
  vmovsd (%r11, %r8), %xmm2
  cmpq %r14, %r15
  jnb 2 else 1
1:
  vaddsd %xmm2, %xmm0, %xmm0
  vaddsd (%rip), %xmm1, %xmm1
  jmp 4
2:
  movq %r15, %r8
  subq %r14, %r8
  cmpq %rax, %r8
  jb 3 else out
3:
  imulq %r13, %r8
  vaddsd %xmm2, %xmm0, %xmm0
  vsubsd (%r11, %r8), %xmm0, %xmm0
  jmp 4
4:
  vdivsd %xmm1, %xmm0, %xmm2
  movq %r15, %r8
  imulq %rbx, %r8
  vmovsd %xmm2, (%r10, %r8)
  jmp 5
5:
  leaq 1(%r15), %r15
  cmpq %rax, %r15
  jnz 0 else out

0:
  vmovsd (%r11, %r9), %xmm2
  cmpq %r14, %r15
  jnb 2 else 1
1:
  vaddsd %xmm2, %xmm0, %xmm0
  vaddsd (%rip), %xmm1, %xmm1
  jmp 3
2:
  vaddsd %xmm2, %xmm0, %xmm0
  vsubsd (%r8, %r9), %xmm0, %xmm0
  jmp 3
3:
  vdivsd %xmm1, %xmm0, %xmm2
  vmovsd %xmm2, (%r10, %r12)
  jmp 4
4:
  leaq 1(%r15), %r15
  leaq (%r12, %rbx), %r12
  leaq (%r9, %r13), %r9
  cmpq %rax, %r15
  jnz 0 else out
