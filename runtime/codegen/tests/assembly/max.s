0:
  vmovsd (%r12, %rbx), %xmm1
  jmp 1
1:
  leaq 1(%r9), %r9
  leaq (%rbx, %rcx), %rbx
  vmaxsd %xmm2, %xmm1, %xmm0
  vucomisd %xmm2, %xmm2
  movsd %xmm0, %xmm0; jnp $next; movsd %xmm1, %xmm0; $next:
  cmpq %rax, %r9
  jnz 2 else out
2:
  movdqa %xmm0, %xmm2
  jmp 0
