"""What holds between rooms, and what a client or a person sees.

`tour` is a script of requests, right and wrong ones, an area a file of `areas`; `answers` is what was answered, which
`test_answers` compares. Whoever changes an answer on purpose runs `./run test tests/contracts --record` and says so in
the commit; whoever adds an endpoint or a page adds its stops, which `test_coverage` asks for.
"""
