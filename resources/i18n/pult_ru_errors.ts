<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru" sourcelanguage="en">
<context>
    <name>Errors</name>
    <message>
        <source>The server&apos;s name cannot be found. Check the address and the network.</source>
        <translation>Имя сервера не найдено. Проверьте адрес и сеть.</translation>
    </message>
    <message>
        <source>No connection to the server. Check the network and the firewall.</source>
        <translation>Нет связи с сервером. Проверьте сеть и межсетевой экран.</translation>
    </message>
    <message>
        <source>The server&apos;s certificate was not accepted. Check this computer&apos;s clock and the company&apos;s proxy.</source>
        <translation>Сертификат сервера не принят. Проверьте часы компьютера и прокси компании.</translation>
    </message>
    <message>
        <source>The proxy refused. Check the proxy settings of this computer.</source>
        <translation>Прокси отказал. Проверьте настройки прокси на этом компьютере.</translation>
    </message>
    <message>
        <source>The server did not answer in time. Check the network.</source>
        <translation>Сервер не ответил вовремя. Проверьте сеть.</translation>
    </message>
    <message>
        <source>Only https:// addresses are allowed. Correct it in Connect.</source>
        <translation>Допустимы только адреса https://. Исправьте в окне «Подключение».</translation>
    </message>
    <message>
        <source>This is not a full address. Correct it in Connect.</source>
        <translation>Адрес неполный. Исправьте в окне «Подключение».</translation>
    </message>
    <message>
        <source>The request could not be built. Check the text and the address for stray characters.</source>
        <translation>Запрос не удалось составить. Проверьте, нет ли в тексте и адресе посторонних символов.</translation>
    </message>
    <message>
        <source>This computer&apos;s certificates cannot be read, nothing was sent. Ask the administrator.</source>
        <translation>Сертификаты этого компьютера не читаются, ничего не отправлено. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>The connection was closed here, nothing was sent. Try again.</source>
        <translation>Соединение закрыто на этом компьютере, ничего не отправлено. Повторите.</translation>
    </message>
    <message>
        <source>Not signed in to the phone system. Open Connect.</source>
        <translation>Вход на АТС не выполнен. Откройте «Подключение».</translation>
    </message>
    <message>
        <source>No answer came. Look at the list before you try again.</source>
        <translation>Ответа не было. Проверьте список, прежде чем повторять.</translation>
    </message>
    <message>
        <source>The connection broke. Look at the list before you try again.</source>
        <translation>Связь прервалась. Проверьте список, прежде чем повторять.</translation>
    </message>
    <message>
        <source>The phone system did not understand Pult ({code}). Nothing was done; tell the administrator.</source>
        <translation>АТС не поняла запрос Pult ({code}). Ничего не сделано; сообщите администратору.</translation>
    </message>
    <message>
        <source>Login or password is wrong. Correct it in Connect.</source>
        <translation>Неверный логин или пароль. Исправьте в окне «Подключение».</translation>
    </message>
    <message>
        <source>The sign-in is not accepted any more. Sign in again in Connect.</source>
        <translation>Вход больше не принимается. Войдите заново в окне «Подключение».</translation>
    </message>
    <message>
        <source>The permanent key has expired. Ask the administrator for a new one.</source>
        <translation>Срок постоянного ключа истёк. Попросите у администратора новый.</translation>
    </message>
    <message>
        <source>The permanent key is blocked. Ask the administrator.</source>
        <translation>Постоянный ключ заблокирован. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>This computer&apos;s address is not allowed: {ip}. The administrator adds it in the phone system&apos;s cabinet: Administrator, Account, Security rules and settings, tab API.</source>
        <translation>Адрес этого компьютера не разрешён: {ip}. Администратор добавляет его в личном кабинете АТС: Администратор → Аккаунт → Правила и настройки безопасности, вкладка API.</translation>
    </message>
    <message>
        <source>This computer&apos;s address is not allowed. The administrator adds it in the phone system&apos;s cabinet: Administrator, Account, Security rules and settings, tab API.</source>
        <translation>Адрес этого компьютера не разрешён. Администратор добавляет его в личном кабинете АТС: Администратор → Аккаунт → Правила и настройки безопасности, вкладка API.</translation>
    </message>
    <message>
        <source>The phone system&apos;s plan lacks a component: {component_name}. The administrator orders it in the cabinet: Account, Tariffs and options.</source>
        <translation>В тарифе АТС нет компонента: {component_name}. Администратор подключает его в личном кабинете: Аккаунт → Тарифы и опции.</translation>
    </message>
    <message>
        <source>The phone system&apos;s plan lacks a component. The administrator orders it in the cabinet: Account, Tariffs and options.</source>
        <translation>В тарифе АТС нет нужного компонента. Администратор подключает его в личном кабинете: Аккаунт → Тарифы и опции.</translation>
    </message>
    <message>
        <source>The phone system&apos;s plan lacks a component for this list. The administrator orders it in the cabinet: Account, Tariffs and options.</source>
        <translation>В тарифе АТС нет компонента для этого списка. Администратор подключает его в личном кабинете: Аккаунт → Тарифы и опции.</translation>
    </message>
    <message>
        <source>The phone system&apos;s plan lacks a component for a part of this. The administrator orders it in the cabinet: Account, Tariffs and options.</source>
        <translation>В тарифе АТС нет компонента для части этих данных. Администратор подключает его в личном кабинете: Аккаунт → Тарифы и опции.</translation>
    </message>
    <message>
        <source>The phone system&apos;s plan does not include this. The administrator changes it in the cabinet: Account, Tariffs and options.</source>
        <translation>В тариф АТС это не входит. Администратор меняет его в личном кабинете: Аккаунт → Тарифы и опции.</translation>
    </message>
    <message>
        <source>The phone system&apos;s account is switched off. The administrator settles it with the provider&apos;s support.</source>
        <translation>Учётная запись АТС отключена. Администратор решает это с поддержкой провайдера.</translation>
    </message>
    <message>
        <source>The phone system does not allow this: all calls of this employee are recorded. The administrator can change that in the employee&apos;s settings.</source>
        <translation>АТС этого не разрешает: все звонки этого сотрудника записываются. Администратор может изменить это в настройках сотрудника.</translation>
    </message>
    <message>
        <source>The phone system does not allow this: the option is not meant for this employee. Ask the administrator.</source>
        <translation>АТС этого не разрешает: опция не для этого сотрудника. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>The phone system does not allow this: the user may not start calls. The administrator gives the right in the cabinet, in the user&apos;s API rights.</source>
        <translation>АТС этого не разрешает: пользователю нельзя начинать звонки. Администратор даёт право в личном кабинете, в правах пользователя на API.</translation>
    </message>
    <message>
        <source>The phone system does not allow this list. The administrator gives the right in the cabinet, in the user&apos;s API rights.</source>
        <translation>АТС не разрешает читать этот список. Администратор даёт право в личном кабинете, в правах пользователя на API.</translation>
    </message>
    <message>
        <source>The phone system does not allow this. The administrator gives the right in the cabinet, in the user&apos;s API rights.</source>
        <translation>АТС этого не разрешает. Администратор даёт право в личном кабинете, в правах пользователя на API.</translation>
    </message>
    <message>
        <source>The account&apos;s points are used up for this minute ({limit_max_value} a minute). There will be more in {resets_in}.</source>
        <translation>Баллы учётной записи на эту минуту исчерпаны ({limit_max_value} в минуту). Новые будут через {resets_in}.</translation>
    </message>
    <message>
        <source>The account&apos;s points are used up for today ({limit_max_value} a day). There will be more in {resets_in}; the administrator can order more.</source>
        <translation>Баллы учётной записи на сегодня исчерпаны ({limit_max_value} в день). Новые будут через {resets_in}; администратор может заказать больше.</translation>
    </message>
    <message>
        <source>The account&apos;s points are used up. There will be more in {resets_in}.</source>
        <translation>Баллы учётной записи исчерпаны. Новые будут через {resets_in}.</translation>
    </message>
    <message>
        <source>The account&apos;s points are used up for now. Try again in a minute.</source>
        <translation>Баллы учётной записи пока исчерпаны. Повторите через минуту.</translation>
    </message>
    <message>
        <source>The phone system keeps no more entries of this kind. Ask the administrator to remove some.</source>
        <translation>Больше таких записей АТС не хранит. Попросите администратора удалить лишние.</translation>
    </message>
    <message>
        <source>The call is over already.</source>
        <translation>Звонок уже завершён.</translation>
    </message>
    <message>
        <source>The call has changed meanwhile, or it is too early: in an outgoing call options work after 30 seconds of talk.</source>
        <translation>Звонок успел измениться, или ещё рано: в исходящем звонке опции работают после 30 секунд разговора.</translation>
    </message>
    <message>
        <source>The call has changed meanwhile; this cannot be done now.</source>
        <translation>Звонок успел измениться; сейчас это невозможно.</translation>
    </message>
    <message>
        <source>This key has no option any more. Ask the administrator which keys are set in the cabinet.</source>
        <translation>За этой клавишей больше нет опции. Спросите администратора, какие клавиши назначены в личном кабинете.</translation>
    </message>
    <message>
        <source>The phone system does not know this tag. Choose another one.</source>
        <translation>АТС не знает этой метки. Выберите другую.</translation>
    </message>
    <message>
        <source>No coach is set for this employee. Give a number, or ask the administrator to set one.</source>
        <translation>Сотруднику не назначен суфлёр. Укажите номер или попросите администратора назначить суфлёра.</translation>
    </message>
    <message>
        <source>The number {contact_phone_number} is blocked already.</source>
        <translation>Номер {contact_phone_number} уже заблокирован.</translation>
    </message>
    <message>
        <source>This number is blocked already.</source>
        <translation>Этот номер уже заблокирован.</translation>
    </message>
    <message>
        <source>This employee has no active phone. The administrator switches one on in the employee&apos;s settings.</source>
        <translation>У этого сотрудника нет активного телефона. Администратор включает его в настройках сотрудника.</translation>
    </message>
    <message>
        <source>This number does not exist or is switched off.</source>
        <translation>Такого номера нет, или он отключён.</translation>
    </message>
    <message>
        <source>The call has this tag already.</source>
        <translation>Эта метка уже стоит.</translation>
    </message>
    <message>
        <source>This participant has left already.</source>
        <translation>Участник уже отключился.</translation>
    </message>
    <message>
        <source>The phone system does not know this tag. Choose another one, {tag_id} is gone.</source>
        <translation>АТС не знает этой метки. Выберите другую, {tag_id} больше нет.</translation>
    </message>
    <message>
        <source>The call is being recorded already.</source>
        <translation>Звонок уже записывается.</translation>
    </message>
    <message>
        <source>The call is not being recorded.</source>
        <translation>Звонок не записывается.</translation>
    </message>
    <message>
        <source>This is one of the company&apos;s own lines, nobody would answer. Check the number to call.</source>
        <translation>Это собственная линия компании, никто не ответит. Проверьте номер, на который звоните.</translation>
    </message>
    <message>
        <source>{virtual_phone_number} is not a line of this account. Choose another line in the details.</source>
        <translation>{virtual_phone_number} не линия этой учётной записи. Выберите другую линию в подробностях.</translation>
    </message>
    <message>
        <source>This is not a line of this account. Choose another line in the details.</source>
        <translation>Это не линия этой учётной записи. Выберите другую линию в подробностях.</translation>
    </message>
    <message>
        <source>The number {contact} is on the blacklist. The administrator can take it off in the cabinet.</source>
        <translation>Номер {contact} в чёрном списке. Администратор может убрать его оттуда в личном кабинете.</translation>
    </message>
    <message>
        <source>This number is on the blacklist. The administrator can take it off in the cabinet.</source>
        <translation>Номер в чёрном списке. Администратор может убрать его оттуда в личном кабинете.</translation>
    </message>
    <message>
        <source>The phone system does not put this call through. Its security rules may forbid the direction: ask the administrator.</source>
        <translation>АТС не пропускает этот звонок. Возможно, направление запрещено правилами безопасности: обратитесь к администратору.</translation>
    </message>
    <message>
        <source>The phone system refused and did not say why. Try again once.</source>
        <translation>АТС отказала без объяснения. Повторите один раз.</translation>
    </message>
    <message>
        <source>The phone system does not know employee {employee_id}. Correct “who I am” in Connect.</source>
        <translation>АТС не знает сотрудника {employee_id}. Исправьте «Кто я» в окне «Подключение».</translation>
    </message>
    <message>
        <source>The phone system does not know this employee. Choose another one.</source>
        <translation>АТС не знает этого сотрудника. Выберите другого.</translation>
    </message>
    <message>
        <source>This line has no scenario. Choose another line, or another way to call.</source>
        <translation>У этой линии нет сценария. Выберите другую линию или другой способ звонка.</translation>
    </message>
    <message>
        <source>The phone system does not know scenario {scenario_id}. Choose another one.</source>
        <translation>АТС не знает сценария {scenario_id}. Выберите другой.</translation>
    </message>
    <message>
        <source>The phone system does not know this scenario. Choose another one.</source>
        <translation>АТС не знает этого сценария. Выберите другой.</translation>
    </message>
    <message>
        <source>The phone system does not have this any more. Refresh the lists.</source>
        <translation>На АТС этого больше нет. Обновите списки.</translation>
    </message>
    <message>
        <source>The phone system has this already. Nothing was changed.</source>
        <translation>На АТС это уже есть. Ничего не изменено.</translation>
    </message>
    <message>
        <source>Something else in the phone system uses this already. Choose another.</source>
        <translation>На АТС это уже занято. Выберите другое.</translation>
    </message>
    <message>
        <source>Something else in the phone system still uses this. Ask the administrator.</source>
        <translation>На АТС это ещё используется. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>The hold message is too long: {sent_tts_message_length} characters, {tts_message_max_length} are allowed. Shorten it in the settings.</source>
        <translation>Сообщение удержания слишком длинное: знаков {sent_tts_message_length}, можно {tts_message_max_length}. Сократите его в настройках.</translation>
    </message>
    <message>
        <source>The hold message is too long. Shorten it in the settings.</source>
        <translation>Сообщение удержания слишком длинное. Сократите его в настройках.</translation>
    </message>
    <message>
        <source>The note to the colleague is too long: {sent_tts_message_length} characters, {tts_message_max_length} are allowed. Shorten it.</source>
        <translation>Сообщение коллеге слишком длинное: знаков {sent_tts_message_length}, можно {tts_message_max_length}. Сократите его.</translation>
    </message>
    <message>
        <source>The note to the colleague is too long. Shorten it.</source>
        <translation>Сообщение коллеге слишком длинное. Сократите его.</translation>
    </message>
    <message>
        <source>The message is too long: {sent_tts_message_length} characters, {tts_message_max_length} are allowed. Shorten it.</source>
        <translation>Сообщение слишком длинное: знаков {sent_tts_message_length}, можно {tts_message_max_length}. Сократите его.</translation>
    </message>
    <message>
        <source>The message is too long. Shorten it.</source>
        <translation>Сообщение слишком длинное. Сократите его.</translation>
    </message>
    <message>
        <source>The hold message&apos;s file is not there: the phone system has no file {media_file_id}. Correct it in the settings.</source>
        <translation>Файла сообщения удержания нет: АТС не знает файла {media_file_id}. Исправьте в настройках.</translation>
    </message>
    <message>
        <source>The hold message&apos;s file is not there. Correct it in the settings.</source>
        <translation>Файла сообщения удержания нет. Исправьте в настройках.</translation>
    </message>
    <message>
        <source>The phone system has no sound file {media_file_id}. Choose another one.</source>
        <translation>На АТС нет звукового файла {media_file_id}. Выберите другой.</translation>
    </message>
    <message>
        <source>The phone system does not have this sound file. Choose another one.</source>
        <translation>На АТС нет такого звукового файла. Выберите другой.</translation>
    </message>
    <message>
        <source>The phone system cannot speak these characters ({code}). Leave letters, digits and punctuation only.</source>
        <translation>АТС не может произнести эти символы ({code}). Оставьте только буквы, цифры и знаки препинания.</translation>
    </message>
    <message>
        <source>The phone system does not take this number. Check it and try again.</source>
        <translation>АТС не принимает этот номер. Проверьте его и повторите.</translation>
    </message>
    <message>
        <source>The phone system does not take this line&apos;s number. Choose another line.</source>
        <translation>АТС не принимает номер этой линии. Выберите другую линию.</translation>
    </message>
    <message>
        <source>Only digits, * and # can be sent as keys, in a start also dots for pauses.</source>
        <translation>Донабором можно отправить только цифры, * и #, а при начале звонка ещё точки для пауз.</translation>
    </message>
    <message>
        <source>The phone system does not take a value ({code}: {field}). Change it and try again.</source>
        <translation>АТС не принимает значение ({code}: {field}). Измените его и повторите.</translation>
    </message>
    <message>
        <source>The phone system does not take a value ({code}). Change it and try again.</source>
        <translation>АТС не принимает значение ({code}). Измените его и повторите.</translation>
    </message>
    <message>
        <source>These choices do not go together. “Switch early” needs our side called first and “switch at once”.</source>
        <translation>Эти настройки не сочетаются. Для раннего соединения нужно сначала звонить нашей стороне и соединять сразу.</translation>
    </message>
    <message>
        <source>These choices do not go together. Change one of them.</source>
        <translation>Эти настройки не сочетаются. Измените одну из них.</translation>
    </message>
    <message>
        <source>The phone system does not know one of the choices ({code}: {field}). Leave it out; older accounts do not have it.</source>
        <translation>АТС не знает одну из настроек ({code}: {field}). Уберите её: в старых учётных записях её нет.</translation>
    </message>
    <message>
        <source>The phone system does not know one of the choices ({code}). Leave out what only newer accounts have.</source>
        <translation>АТС не знает одну из настроек ({code}). Уберите то, что есть только в новых учётных записях.</translation>
    </message>
    <message>
        <source>The phone system reports on three months at most. Choose fewer days.</source>
        <translation>АТС отчитывается не более чем за три месяца. Выберите меньше дней.</translation>
    </message>
    <message>
        <source>The phone system does not take this date. Choose another one.</source>
        <translation>АТС не принимает эту дату. Выберите другую.</translation>
    </message>
    <message>
        <source>The phone system had an error of its own; perhaps the call was started. Look at the list and your phone before you call again.</source>
        <translation>На АТС произошла ошибка; возможно, звонок начат. Проверьте список и свой телефон, прежде чем звонить снова.</translation>
    </message>
    <message>
        <source>The phone system had an error of its own. Look at the list, try again; then ask its support.</source>
        <translation>На АТС произошла ошибка. Проверьте список и повторите; если не поможет, обратитесь в её поддержку.</translation>
    </message>
    <message>
        <source>There is no keyring on this computer; sign-in data is kept for this run only.</source>
        <translation>На этом компьютере нет хранилища паролей; данные входа хранятся только до закрытия.</translation>
    </message>
    <message>
        <source>The keyring found is not safe; sign-in data is kept for this run only.</source>
        <translation>Найденное хранилище паролей ненадёжно; данные входа хранятся только до закрытия.</translation>
    </message>
    <message>
        <source>The keyring is locked. Unlock it and try again.</source>
        <translation>Хранилище паролей заблокировано. Разблокируйте его и повторите.</translation>
    </message>
    <message>
        <source>The keyring does not answer. Unlock it and try again.</source>
        <translation>Хранилище паролей не отвечает. Разблокируйте его и повторите.</translation>
    </message>
    <message>
        <source>The keyring of this computer cannot be used. Ask the administrator to install Pult again.</source>
        <translation>Хранилище паролей этого компьютера недоступно. Попросите администратора установить Pult заново.</translation>
    </message>
    <message>
        <source>The keyring refuses. Unlock it, or ask the administrator.</source>
        <translation>Хранилище паролей отказывает. Разблокируйте его или обратитесь к администратору.</translation>
    </message>
    <message>
        <source>The stored sign-in data is incomplete. Give it again in Connect.</source>
        <translation>Сохранённые данные входа неполны. Введите их заново в окне «Подключение».</translation>
    </message>
    <message>
        <source>The disk is full; nothing was saved. Free some space and save again.</source>
        <translation>Диск заполнен, ничего не сохранено. Освободите место и сохраните снова.</translation>
    </message>
    <message>
        <source>The data folder cannot be written; nothing was saved. Ask the administrator.</source>
        <translation>В папку данных нельзя писать, ничего не сохранено. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>It is not certain that it was saved. Look before you save again.</source>
        <translation>Неизвестно, сохранилось ли. Проверьте, прежде чем сохранять снова.</translation>
    </message>
    <message>
        <source>The database is damaged. Ask the administrator.</source>
        <translation>База данных повреждена. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>The data was written by a newer Pult. Install the newer version.</source>
        <translation>Данные записаны более новой версией Pult. Установите её.</translation>
    </message>
    <message>
        <source>The sign-in was refused. Check it in Connect.</source>
        <translation>Во входе отказано. Проверьте данные в окне «Подключение».</translation>
    </message>
    <message>
        <source>The other side refused ({code}).</source>
        <translation>Другая сторона отказала ({code}).</translation>
    </message>
    <message>
        <source>It is not known whether it was done. Look at the list first.</source>
        <translation>Неизвестно, выполнено ли. Сначала проверьте список.</translation>
    </message>
    <message>
        <source>No connection ({code}). Nothing was sent.</source>
        <translation>Нет связи ({code}). Ничего не отправлено.</translation>
    </message>
    <message>
        <source>The keyring cannot be used ({code}).</source>
        <translation>Хранилище паролей недоступно ({code}).</translation>
    </message>
    <message>
        <source>Nothing could be saved ({code}). Ask the administrator.</source>
        <translation>Сохранить не удалось ({code}). Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>The settings cannot be used ({code}).</source>
        <translation>Настройки непригодны ({code}).</translation>
    </message>
    <message>
        <source>It did not work ({code}).</source>
        <translation>Не получилось ({code}).</translation>
    </message>
    <message>
        <source>Bitrix24 failed in the middle. Look there before you try again.</source>
        <translation>Битрикс24 отказал на полпути. Проверьте там, прежде чем повторять.</translation>
    </message>
    <message>
        <source>The answer was too long. Look at the list before you try again.</source>
        <translation>Ответ слишком длинный. Проверьте список, прежде чем повторять.</translation>
    </message>
    <message>
        <source>The answer could not be read. Look at the list before you try again; check the address in Connect.</source>
        <translation>Ответ не удалось прочитать. Проверьте список, прежде чем повторять, и адрес в окне «Подключение».</translation>
    </message>
    <message>
        <source>The answer was not the expected one. Look at the list before you try again.</source>
        <translation>Ответ не тот, что ожидался. Проверьте список, прежде чем повторять.</translation>
    </message>
    <message>
        <source>The server answered with an error page. Look at the list before you try again.</source>
        <translation>Сервер ответил страницей ошибки. Проверьте список, прежде чем повторять.</translation>
    </message>
    <message>
        <source>The sign-in was not answered. Nothing was sent; try again.</source>
        <translation>На вход не ответили. Ничего не отправлено; повторите.</translation>
    </message>
    <message>
        <source>Nobody is signed in to the phone system. Sign in in Connect.</source>
        <translation>Вход на АТС не выполнен. Войдите в окне «Подключение».</translation>
    </message>
    <message>
        <source>Only digits, * and # can be sent.</source>
        <translation>Отправить можно только цифры, * и #.</translation>
    </message>
    <message>
        <source>The caller has hung up.</source>
        <translation>Клиент положил трубку.</translation>
    </message>
    <message>
        <source>The phone system accepted it, but the list of calls does not show it. Look before you try again.</source>
        <translation>АТС приняла команду, но список звонков этого не показывает. Проверьте, прежде чем повторять.</translation>
    </message>
    <message>
        <source>The link to the phone system broke in the middle. Look at the call.</source>
        <translation>Связь с АТС прервалась на полпути. Проверьте звонок.</translation>
    </message>
    <message>
        <source>Your phone has left the call.</source>
        <translation>Ваш телефон отключился от звонка.</translation>
    </message>
    <message>
        <source>The call was over before the tag was sent. Note it in the card, or tag the call in the cabinet.</source>
        <translation>Звонок завершился раньше, чем метка была отправлена. Запишите её в карточке или поставьте в личном кабинете.</translation>
    </message>
    <message>
        <source>The phone system&apos;s report has more calls than can be read. It is tried again; the administrator may lower card.look_back_h.</source>
        <translation>В отчёте телефонии больше звонков, чем можно прочитать. Попытка повторится; администратор может уменьшить card.look_back_h.</translation>
    </message>
    <message>
        <source>The lists of the phone system are not set up here. The administrator sets pbx.data_api_url.</source>
        <translation>Списки АТС здесь не настроены. Администратор задаёт pbx.data_api_url.</translation>
    </message>
    <message>
        <source>Another Pult uses this data folder. Close it, then start again.</source>
        <translation>Эту папку данных использует другой Pult. Закройте его и запустите снова.</translation>
    </message>
    <message>
        <source>The disk reports an error; nothing was saved. Ask the administrator.</source>
        <translation>Ошибка диска, ничего не сохранено. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>The database refused; nothing was saved. Try again, then ask the administrator.</source>
        <translation>База данных отказала, ничего не сохранено. Повторите; если не поможет, обратитесь к администратору.</translation>
    </message>
    <message>
        <source>Pult is closing; this was not saved.</source>
        <translation>Pult закрывается; это не сохранено.</translation>
    </message>
    <message>
        <source>The data could not be brought up to this version; a copy lies beside it. Ask the administrator.</source>
        <translation>Данные не удалось перевести на эту версию; рядом лежит копия. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>The file could not be written. Choose another place.</source>
        <translation>Файл не записался. Выберите другое место.</translation>
    </message>
    <message>
        <source>There is no such card any more.</source>
        <translation>Такой карточки больше нет.</translation>
    </message>
    <message>
        <source>Bitrix24 answered with an error page. Check the webhook in Connect.</source>
        <translation>Битрикс24 ответил страницей ошибки. Проверьте вебхук в окне «Подключение».</translation>
    </message>
    <message>
        <source>Bitrix24 does not have this any more.</source>
        <translation>В Битрикс24 этого больше нет.</translation>
    </message>
    <message>
        <source>Bitrix24 has not finished this call. It is tried again.</source>
        <translation>Битрикс24 ещё не завершил этот звонок. Будет новая попытка.</translation>
    </message>
    <message>
        <source>No note of this card waits for a customer any more.</source>
        <translation>Ни одна заметка этой карточки больше не ждёт клиента.</translation>
    </message>
    <message>
        <source>Bitrix24 does not take the call&apos;s time. Tell the administrator.</source>
        <translation>Битрикс24 не принимает время звонка. Сообщите администратору.</translation>
    </message>
    <message>
        <source>Bitrix24 does not take this kind of call. Tell the administrator.</source>
        <translation>Битрикс24 не принимает такой вид звонка. Сообщите администратору.</translation>
    </message>
    <message>
        <source>this setting is not known. Remove it or correct its name.</source>
        <translation>такой настройки нет. Удалите её или исправьте название.</translation>
    </message>
    <message>
        <source>a setting is missing here. Add it.</source>
        <translation>здесь не хватает настройки. Добавьте её.</translation>
    </message>
    <message>
        <source>the value is of the wrong kind. Correct it.</source>
        <translation>значение не того вида. Исправьте его.</translation>
    </message>
    <message>
        <source>this value is not allowed. Correct it.</source>
        <translation>такое значение недопустимо. Исправьте его.</translation>
    </message>
    <message>
        <source>The settings file is not valid TOML. Correct it.</source>
        <translation>Файл настроек не похож на TOML. Исправьте его.</translation>
    </message>
    <message>
        <source>The settings file cannot be read. Check its path and rights.</source>
        <translation>Файл настроек не читается. Проверьте путь и права.</translation>
    </message>
    <message>
        <source>secrets do not belong in the settings file. Remove it there and give it in Connect.</source>
        <translation>секретам не место в файле настроек. Удалите его оттуда и введите в окне «Подключение».</translation>
    </message>
    <message>
        <source>Code: {code}</source>
        <translation>Код: {code}</translation>
    </message>
    <message>
        <source>Message: {message}</source>
        <translation>Сообщение: {message}</translation>
    </message>
    <message>
        <source>Something in Pult went wrong ({kind}). The calls go on; details are in the log.</source>
        <translation>В Pult произошла ошибка ({kind}). Звонки продолжаются; подробности в журнале.</translation>
    </message>
</context>
<context>
    <name>Reasons</name>
    <message>
        <source>Bitrix24</source>
        <translation>Битрикс24</translation>
    </message>
    <message>
        <source>amoCRM</source>
        <translation>amoCRM</translation>
    </message>
    <message>
        <source>{crm} cannot be reached. The card is sent by itself when it is back.</source>
        <translation>Нет связи с {crm}. Карточка уйдёт сама, когда связь появится.</translation>
    </message>
    <message>
        <source>{crm} did not answer. It will be asked what arrived before anything is sent again.</source>
        <translation>Нет ответа от {crm}. Прежде чем отправлять снова, Pult проверит, что дошло.</translation>
    </message>
    <message>
        <source>Pult ended while this was being sent. It asks {crm} what has arrived before anything is sent again.</source>
        <translation>Pult закрылся во время отправки. Прежде чем отправлять снова, он проверит в {crm}, что дошло.</translation>
    </message>
    <message>
        <source>{crm} has half of the card. Look at the call there, then press Retry, or discard the card.</source>
        <translation>В {crm} попала половина карточки. Посмотрите там звонок, затем нажмите «Повторить» или «Не отправлять».</translation>
    </message>
    <message>
        <source>{crm} does not know this call any more. Look for it there; Retry asks again, Discard lets it be.</source>
        <translation>В {crm} больше нет этого звонка. Поищите его там; «Повторить» спросит ещё раз, «Не отправлять» оставит как есть.</translation>
    </message>
    <message>
        <source>{crm} does not accept the sign-in. Give it anew in Connect.</source>
        <translation>{crm} не принимает вход. Укажите его заново в «Подключении».</translation>
    </message>
    <message>
        <source>{crm} does not accept the sign-in. Ask for a new webhook, or sign the application in again, in Connect.</source>
        <translation>{crm} не принимает вход. Попросите новый вебхук или заново подключите приложение в «Подключении».</translation>
    </message>
    <message>
        <source>{crm} does not accept the token. Ask the administrator for a new one and give it in Connect.</source>
        <translation>{crm} не принимает токен. Попросите у администратора новый и укажите его в «Подключении».</translation>
    </message>
    <message>
        <source>{crm} gives too few rights. Ask its administrator.</source>
        <translation>В {crm} не хватает прав. Обратитесь к её администратору.</translation>
    </message>
    <message>
        <source>The webhook or application has too few rights in {crm}. It needs telephony, crm and user.</source>
        <translation>Вебхуку или приложению не хватает прав в {crm}. Нужны telephony, crm и user.</translation>
    </message>
    <message>
        <source>The plan of {crm} does not allow this. Ask its administrator.</source>
        <translation>Тариф {crm} этого не позволяет. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>{crm} is busy with too many requests. The next try comes by itself.</source>
        <translation>У {crm} слишком много запросов. Следующая попытка будет сама.</translation>
    </message>
    <message>
        <source>The recording is not there yet. It is looked for again by itself.</source>
        <translation>Записи разговора пока нет. Pult сам поищет её ещё раз.</translation>
    </message>
    <message>
        <source>The recording is neither mp3 nor wav, and {crm} takes nothing else. Ask the administrator.</source>
        <translation>Запись не mp3 и не wav, а другого {crm} не берёт. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>{crm} does not take the card as Pult sends it. Tell the administrator.</source>
        <translation>{crm} не берёт карточку в том виде, в каком её шлёт Pult. Сообщите администратору.</translation>
    </message>
    <message>
        <source>The secure connection to {crm} failed. Check this computer&apos;s clock and the address in Connect.</source>
        <translation>Защищённое соединение с {crm} не удалось. Проверьте часы компьютера и адрес в «Подключении».</translation>
    </message>
    <message>
        <source>{crm} has not finished this call. It is tried again.</source>
        <translation>Звонок в {crm} ещё не завершён. Pult попробует снова.</translation>
    </message>
    <message>
        <source>The notes have no customer to go to. Choose one.</source>
        <translation>Заметкам не к кому прикрепиться. Выберите клиента.</translation>
    </message>
    <message>
        <source>The customer is not in {crm} any more. Choose another one.</source>
        <translation>Клиента в {crm} больше нет. Выберите другого.</translation>
    </message>
    <message>
        <source>{crm} lets nobody write to this customer with these rights. Choose another one, or ask there.</source>
        <translation>С этими правами {crm} не даёт писать этому клиенту. Выберите другого или спросите там.</translation>
    </message>
    <message>
        <source>Nobody has said whose call this is. Edit the card and give the user of {crm}, or set yours in Connect.</source>
        <translation>Не сказано, чей это звонок. Нажмите «Изменить» и укажите пользователя {crm} или задайте своего в «Подключении».</translation>
    </message>
    <message>
        <source>{crm} has no such active user. Edit the card and correct the user.</source>
        <translation>В {crm} нет такого действующего пользователя. Нажмите «Изменить» и исправьте его.</translation>
    </message>
    <message>
        <source>The caller hides the number, and {crm} takes no call without one. Edit the card and give a number.</source>
        <translation>Звонивший скрыл номер, а без номера {crm} звонок не берёт. Нажмите «Изменить» и укажите номер.</translation>
    </message>
    <message>
        <source>{crm} does not take this number. Edit the card and correct it.</source>
        <translation>{crm} не берёт этот номер. Нажмите «Изменить» и исправьте его.</translation>
    </message>
    <message>
        <source>Nobody in {crm} has this number. Choose what becomes of the call.</source>
        <translation>В {crm} никого с этим номером нет. Выберите, что сделать со звонком.</translation>
    </message>
    <message>
        <source>The caller hides the number, and {crm} finds nobody without one. Choose what becomes of the call.</source>
        <translation>Звонивший скрыл номер, без него в {crm} никого не найти. Выберите, что сделать со звонком.</translation>
    </message>
    <message>
        <source>What was to be changed has been sent, or may have been. Look at the card again.</source>
        <translation>То, что меняли, уже отправлено или могло уйти. Посмотрите карточку ещё раз.</translation>
    </message>
    <message>
        <source>The card on the disk is damaged, nothing of it is sent. Export it and ask the administrator.</source>
        <translation>Карточка на диске повреждена, из неё ничего не отправляется. Выгрузите её и обратитесь к администратору.</translation>
    </message>
    <message>
        <source>The receipt on the disk is damaged. Retry asks {crm} what has arrived.</source>
        <translation>Квитанция на диске повреждена. «Повторить» проверит в {crm}, что дошло.</translation>
    </message>
    <message>
        <source>Laid aside. It is sent after Retry.</source>
        <translation>Отложено. Уйдёт после «Повторить».</translation>
    </message>
    <message>
        <source>No note of this card waits for a customer any more.</source>
        <translation>Заметки этой карточки больше не ждут клиента.</translation>
    </message>
    <message>
        <source>{crm} is not connected yet. Set it up in Connect.</source>
        <translation>Связь с {crm} ещё не настроена. Настройте её в «Подключении».</translation>
    </message>
    <message>
        <source>The portal has no CRM. Ask its administrator.</source>
        <translation>На портале нет CRM. Обратитесь к его администратору.</translation>
    </message>
    <message>
        <source>{crm} wants a local application for registering calls, a webhook is not enough. Set it up in Connect.</source>
        <translation>Для регистрации звонков {crm} требует локальное приложение, вебхука мало. Настройте его в «Подключении».</translation>
    </message>
    <message>
        <source>The user of the webhook or application is no employee of the portal. Take another one, in Connect.</source>
        <translation>Пользователь вебхука или приложения не сотрудник портала. Возьмите другого, в «Подключении».</translation>
    </message>
    <message>
        <source>An administrator of {crm} has to allow this first.</source>
        <translation>Сначала это должен разрешить администратор {crm}.</translation>
    </message>
    <message>
        <source>{crm} has moved to another address. Give the new one in Connect.</source>
        <translation>У {crm} теперь другой адрес. Укажите его в «Подключении».</translation>
    </message>
    <message>
        <source>The portal does not exist any more. Correct the address in Connect.</source>
        <translation>Такого портала больше нет. Исправьте адрес в «Подключении».</translation>
    </message>
    <message>
        <source>{crm} has blocked requests of this portal. Ask its administrator.</source>
        <translation>{crm} блокирует запросы этого портала. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>{crm} answers with an error page. Check the address in Connect.</source>
        <translation>{crm} отвечает страницей ошибки. Проверьте адрес в «Подключении».</translation>
    </message>
    <message>
        <source>{crm} does not have this any more.</source>
        <translation>В {crm} этого больше нет.</translation>
    </message>
    <message>
        <source>{crm} refuses the call: a right is missing, or the subscription is not enough. Ask there.</source>
        <translation>{crm} не берёт звонок: не хватает прав или подписки. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>{crm} does not let this computer&apos;s address in. Its administrator allows it.</source>
        <translation>{crm} не пускает адрес этого компьютера. Разрешить его может администратор.</translation>
    </message>
    <message>
        <source>{crm} has blocked the account for a while, for too many requests. The next try comes by itself.</source>
        <translation>{crm} на время блокирует аккаунт: слишком много запросов. Следующая попытка будет сама.</translation>
    </message>
    <message>
        <source>{crm} does not take one of the card&apos;s fields. See what it says below, edit the card, or discard it.</source>
        <translation>{crm} не берёт одно из полей. Посмотрите ниже, какое, и нажмите «Изменить» или «Не отправлять».</translation>
    </message>
    <message>
        <source>The application has not been signed in to {crm} yet. Give its refresh token in Connect.</source>
        <translation>Приложение ещё не подключено к {crm}. Укажите токен обновления в «Подключении».</translation>
    </message>
    <message>
        <source>The application&apos;s sign-in to {crm} has run out. Give a new refresh token in Connect.</source>
        <translation>Срок входа приложения в {crm} истёк. Укажите новый токен обновления в «Подключении».</translation>
    </message>
    <message>
        <source>An answer of {crm} with the new sign-in was lost. Give a new refresh token in Connect.</source>
        <translation>Ответ {crm} с новым входом потерян. Укажите новый токен обновления в «Подключении».</translation>
    </message>
    <message>
        <source>{crm} does not know the application. Check its client ID and client secret in Connect.</source>
        <translation>{crm} не знает этого приложения. Проверьте его код и ключ в «Подключении».</translation>
    </message>
    <message>
        <source>{crm} refused to renew the sign-in. Check the application&apos;s fields in Connect.</source>
        <translation>{crm} не продлевает вход. Проверьте поля приложения в «Подключении».</translation>
    </message>
    <message>
        <source>The recording did not come in time; the card was sent without it.</source>
        <translation>Запись разговора не появилась вовремя; карточка ушла без неё.</translation>
    </message>
    <message>
        <source>The phone system gives the recording to signed-in people only. Ask the administrator.</source>
        <translation>АТС отдаёт запись только после входа. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>The recording is larger than allowed. The administrator can raise card.recording_max_mb.</source>
        <translation>Запись больше допустимого. Администратор может увеличить card.recording_max_mb.</translation>
    </message>
    <message>
        <source>The recording lies at an address that is not the phone system&apos;s, so it was not fetched.</source>
        <translation>Запись лежит по чужому адресу, не у АТС, поэтому Pult её не скачал.</translation>
    </message>
    <message>
        <source>The recording&apos;s file is empty. Retry fetches it again.</source>
        <translation>Файл записи пуст. «Повторить» скачает его ещё раз.</translation>
    </message>
    <message>
        <source>{crm} could not fetch the recording by its link. The administrator can let Pult upload the file.</source>
        <translation>{crm} не может скачать запись по ссылке. Администратор может поручить Pult отправлять файл.</translation>
    </message>
    <message>
        <source>The file cannot be read here. Retry, then ask the administrator.</source>
        <translation>Файл не читается. Нажмите «Повторить», затем обратитесь к администратору.</translation>
    </message>
    <message>
        <source>{crm} has a file of that name already. Retry takes another name.</source>
        <translation>В {crm} уже есть файл с таким именем. «Повторить» возьмёт другое имя.</translation>
    </message>
    <message>
        <source>The recording cannot be fetched now. It is tried again.</source>
        <translation>Запись сейчас не скачать. Pult попробует снова.</translation>
    </message>
    <message>
        <source>The recording&apos;s file cannot be read. Retry fetches it again; else ask the administrator.</source>
        <translation>Файл записи не читается. «Повторить» скачает его снова; иначе обратитесь к администратору.</translation>
    </message>
    <message>
        <source>No recording is wanted for this card.</source>
        <translation>Для этой карточки запись не нужна.</translation>
    </message>
    <message>
        <source>Nobody talked, so there is no recording.</source>
        <translation>Разговора не было, записи нет.</translation>
    </message>
    <message>
        <source>The phone system did not record this call.</source>
        <translation>АТС не записывала этот звонок.</translation>
    </message>
    <message>
        <source>The phone system&apos;s reports may not be read here. Ask the administrator for the right.</source>
        <translation>Нет права читать отчёты АТС. Попросите его у администратора.</translation>
    </message>
    <message>
        <source>The recording&apos;s file has gone from the phone system.</source>
        <translation>Файла записи в АТС больше нет.</translation>
    </message>
    <message>
        <source>The copy here was removed after the CRM had it.</source>
        <translation>Копия удалена отсюда после того, как запись попала в CRM.</translation>
    </message>
    <message>
        <source>{crm} named an address outside itself for the recording; nothing was sent. Tell the administrator.</source>
        <translation>{crm} назвала для записи чужой адрес; ничего не отправлено. Сообщите администратору.</translation>
    </message>
    <message>
        <source>The subscription of {crm} has ended. Ask its administrator.</source>
        <translation>Подписка {crm} закончилась. Обратитесь к администратору.</translation>
    </message>
    <message>
        <source>{crm} may have taken this call into unsorted. Look there, then choose what becomes of it.</source>
        <translation>Звонок мог попасть в «Неразобранное» {crm}. Посмотрите там, затем выберите, что с ним сделать.</translation>
    </message>
    <message>
        <source>{crm} refused: {detail} ({code})</source>
        <translation>Отказ {crm}: {detail} ({code})</translation>
    </message>
    <message>
        <source>{crm} refused with the code {code}.</source>
        <translation>Отказ {crm}, код {code}.</translation>
    </message>
</context>
</TS>
