0:
  movq %rcx, %r15
  subq %rax, %r15
  movq %rcx, slot(%rsp)
  cmpq %r15, %rbx
  cmovbq %rbx, %r15
  leaq (%r15), %rdx
  andq $0xffffffffffffffff, %rdx
  movq %rdx, %r12
  subq %r15, %r12
  movq slot(%rsp), %rcx
  movq %rdx, slot(%rsp)
  movq (%rcx), %rsi
  movq %r8, %r14
  movq (%r14), %rcx
  movq %rax, %rdi
  imulq %rcx, %rdi
  movq %rax, slot(%rsp)
  leaq (%rsi, %rdi), %rsi
  xorq $0x8, %rcx
  orq %r12, %rcx
  testq %rcx, %rcx
  jnz 2 else 1
1:
  movq slot(%rsp), %rax
  movq %rsi, slot(%rsp)
  jmp 3
2:
  movq (%r14), %rdx
  leaq slot(%rsp), %r13
  load_ext_name userextname1+0, %r8
  movq %r15, %rcx
  movq %r13, %rdi
  call *%r8
  movq %r13, slot(%rsp)
  imulq $0x8, %r15, %r8
  movq slot(%rsp), %rax
  leaq (%rax, %r8), %rdi
  leaq -8(%rax, %r8), %rsi
  xorq %rdx, %rdx
  load_ext_name userextname1+0, %r8
  movq %r12, %rcx
  call *%r8
  movq slot(%rsp), %rax
  jmp 3
3:
  movq 8(%rax), %r10
  movq 8(%r14), %r13
  movq slot(%rsp), %rax
  movq %rax, %r11
  imulq %r13, %r11
  leaq (%r10, %r11), %r10
  xorq $0x8, %r13
  orq %r12, %r13
  leaq slot(%rsp), %rdx
  testq %r13, %r13
  movq %r10, %rdi
  cmovneq %rdx, %rdi
  movq %r10, %r12
  movq %rdx, slot(%rsp)
  load_ext_name userextname0+0, %r11
  movq slot(%rsp), %rdx
  movq slot(%rsp), %rsi
  call *%r11
  jmp 4
4:
  testq %r13, %r13
  jnz 6 else 5
5:
  movq slot(%rsp), %rax
  jmp 7
6:
  movq 8(%r14), %rsi
  load_ext_name userextname2+0, %rax
  movq slot(%rsp), %rdx
  movq %r12, %rdi
  movq %r15, %rcx
  call *%rax
  movq slot(%rsp), %rax
  jmp 7
7:
  movq slot(%rsp), %rax
  leaq (%rax, %r15), %rax
  movq %rax, slot(%rsp)
  cmpq %r15, %r15
  sete %cl
  movq slot(%rsp), %rax
  movq slot(%rsp), %rdx
  cmpq %rax, %rdx
  setne %dl
  testb %cl, %dl
  jnz 8 else out
8:
  movq %r14, %r8
  movq %rax, %rcx
  movq slot(%rsp), %rax
  jmp 0
