# Where Portuguese in Portugal differs from `pt.ftl`.

expired = Já não está aqui
copy_link = Copiar ligação
share = Partilhar
trail = Está aqui
after = Seguinte
download_film = Transferir o vídeo
download_recording = Transferir a gravação
task_done = concluído
task_open = por fazer
subscribe = Subscrever
page_after = Página seguinte
nothing_yet = Ainda não foi publicado nada aqui.
moved_text = Esta página está agora em
subscribe_text = Um feed leva cada novo artigo a um leitor de feeds: sem conta, sem indicar nenhum endereço e sem intermediários.
group_sections = Secções
group_selections = Seleções
open_in_reader = Abrir num leitor
read_in_app = uma aplicação neste dispositivo
read_in_podcast_app = uma aplicação de podcasts
feed_intro = Isto é um feed, feito para leitores de feeds: copie o endereço da barra de endereços para um deles e cada novo artigo chegará até si, sem conta e sem e-mail. Segue-se o que contém neste momento.

search = Pesquisar
search_text = Palavras a pesquisar
search_without = A pesquisa precisa de JavaScript. Sem ele, os artigos encontram-se por tema e por data:
search_results = Resultados
search_none = Nada encontrado
search_more = Mais resultados
search_section = Secção
search_author = Autor
search_year = Ano
search_all = todos
