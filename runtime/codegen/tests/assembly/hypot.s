0:
  movq %rcx, %r15
  subq %rax, %r15
  movq %rcx, slot(%rsp)
  cmpq %r15, %rbx
  cmovbq %rbx, %r15
  leaq (%r15), %rcx
  andq $0xffffffffffffffff, %rcx
  movq %rcx, %r12
  subq %r15, %r12
  movq %rcx, slot(%rsp)
  movq slot(%rsp), %rcx
  movq (%rcx), %rdx
  movq %rdi, %r14
  movq (%r14), %rcx
  movq %rax, %rsi
  imulq %rcx, %rsi
  movq %rax, slot(%rsp)
  leaq (%rdx, %rsi), %rsi
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
  load_ext_name userextname1+0, %rax
  movq %r15, %rcx
  movq %r13, %rdi
  call *%rax
  movq %r13, slot(%rsp)
  imulq $0x8, %r15, %rcx
  movq slot(%rsp), %rax
  leaq (%rax, %rcx), %rdi
  leaq -8(%rax, %rcx), %rsi
  xorq %rdx, %rdx
  load_ext_name userextname1+0, %rax
  movq %r12, %rcx
  call *%rax
  movq slot(%rsp), %rax
  jmp 3
3:
  movq 8(%rax), %rcx
  movq 8(%r14), %rax
  movq slot(%rsp), %rdx
  imulq %rax, %rdx
  leaq (%rcx, %rdx), %rsi
  xorq $0x8, %rax
  orq %r12, %rax
  testq %rax, %rax
  jnz 5 else 4
4:
  movq slot(%rsp), %rax
  movq %rsi, slot(%rsp)
  jmp 6
5:
  movq 8(%r14), %rdx
  leaq slot(%rsp), %r13
  load_ext_name userextname1+0, %rax
  movq %r15, %rcx
  movq %r13, %rdi
  call *%rax
  movq %r13, slot(%rsp)
  imulq $0x8, %r15, %rax
  movq slot(%rsp), %rdx
  leaq (%rdx, %rax), %rdi
  leaq -8(%rdx, %rax), %rsi
  xorq %rdx, %rdx
  load_ext_name userextname1+0, %rax
  movq %r12, %rcx
  call *%rax
  movq slot(%rsp), %rax
  jmp 6
6:
  movq slot(%rsp), %rax
  movq 0x10(%rax), %rax
  movq 0x10(%r14), %r13
  movq slot(%rsp), %rcx
  imulq %r13, %rcx
  leaq (%rax, %rcx), %rax
  xorq $0x8, %r13
  orq %r12, %r13
  leaq slot(%rsp), %rdx
  testq %r13, %r13
  movq %rax, %rdi
  cmovneq %rdx, %rdi
  movq %rax, %r12
  movq %rdx, slot(%rsp)
  load_ext_name userextname0+0, %rax
  movq slot(%rsp), %rcx
  movq slot(%rsp), %rdx
  movq slot(%rsp), %rsi
  call *%rax
  jmp 7
7:
  testq %r13, %r13
  jnz 9 else 8
8:
  movq slot(%rsp), %rax
  jmp 10
9:
  movq 0x10(%r14), %rsi
  load_ext_name userextname2+0, %rax
  movq slot(%rsp), %rdx
  movq %r12, %rdi
  movq %r15, %rcx
  call *%rax
  movq slot(%rsp), %rax
  jmp 10
10:
  movq slot(%rsp), %rax
  leaq (%rax, %r15), %rax
  movq %rax, slot(%rsp)
  cmpq %r15, %r15
  sete %cl
  movq slot(%rsp), %rax
  movq slot(%rsp), %rsi
  cmpq %rax, %rsi
  setne %dl
  testb %cl, %dl
  jnz 11 else out
11:
  movq %r14, %rdi
  movq %rax, %rcx
  movq slot(%rsp), %rax
  jmp 0
