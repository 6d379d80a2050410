"""The OpenID provider: who it is by settings and its own description, its keys, its tokens, its back channel.

Not here: the people it speaks of (`identities`) and their sessions (`vouching`). The rule: nothing of a token is
believed before `tokens` has checked it, and whatever goes wrong is `TokenRefused` or `ProviderSilent`. Begin with
`tokens`.
"""
